// What is put around a rule, read from the parameters that all rules have. Each throws InputError.
#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/parameters.hpp"
#include "core/time.hpp"

namespace lbsim::algorithms::pool {

inline constexpr int kMostServers = 1'000'000;
inline constexpr int kMostSeconds = 1'000'000;
inline constexpr int kMostWeight = 65535;

// The servers, if their numbers are in range.
const std::vector<ServerConfig>& check_servers(const PoolConfig& config);

// By server; 0 is the group with the highest priority, none is empty.
std::vector<std::uint32_t> read_groups(const PoolConfig& config, const Parameters& parameters);

// By server, zero for none.
std::vector<Duration> read_slow_starts(const PoolConfig& config, const Parameters& parameters);

// Thousandths of the mean; 0: no bound.
std::uint64_t read_bound(const Parameters& parameters);

}  // namespace lbsim::algorithms::pool
