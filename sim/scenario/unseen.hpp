// What a method would look at that no simulated request has.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "algorithms/algorithm.hpp"

namespace lbsim::scenario {

struct Unseen {
  std::string field;  // of the tier: "method" or "parameters.NAME"
  std::string message;
  std::string hint;
};

// Simulated requests carry the client's address and nothing to read in them, so a method that looks
// at anything else would see the same in all of them and pick one server for ever, or bind nobody.
std::optional<Unseen> unseen_by(const algorithms::AlgorithmSpec& spec,
                                const std::map<std::string, std::string>& parameters);

}  // namespace lbsim::scenario
