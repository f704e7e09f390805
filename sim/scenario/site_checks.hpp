// Mistakes that only the whole site shows: the chain of tiers, machines that faults name, sizes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "devices/config.hpp"
#include "scenario/reader.hpp"

namespace lbsim::scenario {

using Tiers = std::map<std::string, TierConfig>;

// The tiers in the order of the walk from `entry` on, the servers last; empty after a mistake.
std::vector<TierConfig> chain_of(Reader& r, const std::string& entry, const Tiers& tiers);

void check_faults(Reader& r, const std::vector<TierConfig>& chain,
                  const std::vector<FaultConfig>& faults);

// `chain` without the DNS tier.
void check_sizes(Reader& r, const TierConfig& dns, const std::vector<TierConfig>& chain,
                 std::size_t client_groups);

std::int64_t machines_of(const TierConfig& tier);

}  // namespace lbsim::scenario
