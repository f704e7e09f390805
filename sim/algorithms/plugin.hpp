// Algorithms of one's own in a shared object, for `lbsim --plugin`. It is compiled with these
// headers and linked with nothing: the program that loads it has the library.
//
//   LBSIM_PLUGIN(plugin) {
//     plugin.add({"mine", "my_rule", "what it does", "where it is written", {}, make_my_rule});
//   }
//
//   g++ -std=c++20 -shared -fPIC -I PREFIX/include/lbsim my_rule.cpp -o my_rule.so
#pragma once

#include <cstdint>

#include "algorithms/algorithm.hpp"
#include "algorithms/guarded.hpp"

namespace lbsim::algorithms {

class PluginRegistry {
 public:
  // The family may be one that exists, or a new one. Throws InputError as add_algorithm(). Mistakes
  // of its pools end a run with an error that names the algorithm.
  void add(AlgorithmSpec spec) {
    add_algorithm(guarded(std::move(spec)));
    ++count_;
  }
  int count() const { return count_; }

 private:
  int count_ = 0;
};

// Changes with whatever a plugin and the program must see alike: raised by hand with the functions
// of Upstream, and by itself with what structures are made of.
inline constexpr std::uint64_t kPluginAbi = [] {
  std::uint64_t abi = 2;
  for (const std::size_t size :
       {sizeof(ServerConfig), sizeof(PoolConfig), sizeof(ParameterSpec), sizeof(AlgorithmSpec),
        sizeof(Request), sizeof(Attempt), sizeof(Report), sizeof(ReportWishes), sizeof(Upstream)}) {
    abi = abi * 1000003 + size;
  }
  return abi;
}();

}  // namespace lbsim::algorithms

#define LBSIM_PLUGIN(registry)                                                          \
  extern "C" std::uint64_t lbsim_plugin_abi() { return lbsim::algorithms::kPluginAbi; } \
  extern "C" void lbsim_plugin(lbsim::algorithms::PluginRegistry& registry)
