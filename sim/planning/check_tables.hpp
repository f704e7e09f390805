// The tables of `lbsim check`, and how its numbers are spelled.
#pragma once

#include <string>

#include "planning/check.hpp"

namespace lbsim::planning {

std::string scaled_text(double number, const char* unit);  // "46.0 kreq/s"; "no limit"
std::string rps_text(double per_s);
std::string share_text(double share);  // "60.4 %"

// Every resource of every machine at peak, with what is left of it.
std::string headroom_table(const CheckReport& report);
// The first bottleneck, and the next ones with what the site holds once those before are widened.
std::string bottleneck_lines(const CheckReport& report);
// What remains when any one machine fails.
std::string loss_table(const CheckReport& report);

}  // namespace lbsim::planning
