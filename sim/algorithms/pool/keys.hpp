// What a hashing rule takes from a request, and 64-bit hashes of it and of members.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "algorithms/algorithm.hpp"
#include "algorithms/parameters.hpp"
#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::pool {

class HashKey {
 public:
  // From the parameter `key`. Throws InputError.
  explicit HashKey(const Parameters& parameters);

  // A part that the request does not have counts as an empty one.
  std::uint64_t of(const Request& request) const;

 private:
  enum class Part : std::uint8_t { client, connection, target, host, header };
  Part part_;
};

// The parameter that HashKey reads.
ParameterSpec key_parameter();

// Of a text, by independent hash functions numbered `function`.
std::uint64_t hash_of(std::string_view text, std::uint64_t function = 0);

// Of a hash and a number, which may be another hash: splitmix64's finaliser over their sum.
inline std::uint64_t mix(std::uint64_t hash, std::uint64_t number) {
  std::uint64_t z = hash + (number + 1) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace lbsim::algorithms::pool
