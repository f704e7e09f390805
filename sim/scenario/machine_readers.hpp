// What the machines of several tiers have in common: a card, a cost, checks of the tier behind, a
// virtual address.
#pragma once

#include "devices/config.hpp"
#include "scenario/reader.hpp"

namespace lbsim::scenario {

inline constexpr std::int64_t kMachinesMax = 100'000;  // of one tier
inline constexpr int kVrrpNodesMax = 16;

void read_nic(Reader& r, NicConfig& nic);
void read_cost(Reader& r, CostConfig& cost);
void read_next(Reader& r, TierConfig& tier);

// A table whose presence turns the checks on. `defaults` has the checking program's own defaults,
// `source` says which that is and how it names them.
void read_check(Reader& r, std::string_view name, HealthCheckConfig& out,
                HealthCheckConfig defaults, const std::string& help, const std::string& source);

// The fields of such a table.
void read_check_fields(Reader& r, HealthCheckConfig& c, const HealthCheckConfig& defaults,
                       const std::string& source);

// The fields of a vrrp table, for `nodes` machines.
void read_vrrp(Reader& r, VrrpConfig& vrrp, int nodes);

}  // namespace lbsim::scenario
