// One function for each kind of tier: reads the fields of a table [NAME] with that `kind`.
#pragma once

#include "devices/config.hpp"
#include "scenario/reader.hpp"

namespace lbsim::scenario {

void read_bind(Reader& r, TierConfig& tier);
void read_lvs(Reader& r, TierConfig& tier);
void read_nginx(Reader& r, TierConfig& tier);
void read_haproxy(Reader& r, TierConfig& tier);
void read_balancer(Reader& r, TierConfig& tier);
void read_hardware(Reader& r, TierConfig& tier);
void read_servers(Reader& r, TierConfig& tier);

// All of them by their kinds.
const std::vector<Kind<TierConfig>>& tier_kinds();

}  // namespace lbsim::scenario
