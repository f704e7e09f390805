// How a tier spreads requests over the tier behind it, and what takes a failed machine out.
#pragma once

#include <string>

#include "planning/stages.hpp"

namespace lbsim::planning {

struct Front {  // what stands in front of a stage
  Spread spread = Spread::equal;
  std::string spread_by;   // "vip.scheduler wlc"
  std::string watched_by;  // "" if nothing is
};

// `front` spreads over the tier behind it.
Front front_of(const TierConfig& front);

// Shares of the load for the machines of a stage that are neither failed nor standby, at
// `requests_per_s` in all; sum 1, or all 0 if none is left.
std::vector<double> shares_of(const Stage& stage, double requests_per_s);

}  // namespace lbsim::planning
