// Turns a rule into an entry of the catalog.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "algorithms/pool/pool.hpp"

namespace lbsim::algorithms::pool {

// What a rule is made from. The seed is of its own stream.
struct Setting {
  const Members& members;
  const Parameters& parameters;
  std::uint64_t seed;
};

using MakeRuleFrom = std::function<std::unique_ptr<Rule>(const Setting&)>;

struct RuleSpec {
  std::string family;
  std::string name;
  std::string summary;
  std::string source;
  std::vector<ParameterSpec> own;  // parameters besides the common ones
  GivenParameters defaults;        // of common parameters, where they are not the usual
  MakeRuleFrom make;
};

AlgorithmSpec pool_spec(RuleSpec rule);

// For rules whose constructor takes a Setting.
template <typename R>
std::unique_ptr<Rule> make_rule(const Setting& setting) {
  return std::make_unique<R>(setting);
}

}  // namespace lbsim::algorithms::pool
