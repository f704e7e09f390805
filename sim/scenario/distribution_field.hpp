// Random durations and sizes as scenarios write them: "exponential 40ms", "fixed 20KB",
// "lognormal 5ms scv 4", "pareto 20KB alpha 2.5", "hyperexponential 5ms scv 4", "erlang 5ms k 2",
// or { empirical = ["3ms", "5ms"] }, whose values are equally likely.
#pragma once

#include <string>
#include <string_view>

#include "core/distribution.hpp"
#include "scenario/reader.hpp"

namespace lbsim::scenario {

// The quantity that is random; durations become seconds, sizes bytes.
enum class Quantity { duration, size };

units::Result<Distribution> parse_distribution(std::string_view text, Quantity quantity);

struct DistributionField {
  std::string help = {};
  Quantity quantity = Quantity::duration;
  std::string fallback = {};  // as it would be written; empty: the field is required
  std::string source = {};
};

void read_distribution(Reader& r, std::string_view name, Distribution& out,
                       const DistributionField& field);

}  // namespace lbsim::scenario
