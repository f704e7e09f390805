// Reading and checking what a configuration says to a method of nginx. Everything that is wrong is
// collected and thrown once, as an InputError.
#pragma once

#include <cstdint>
#include <string>

#include "algorithms/algorithm.hpp"

namespace lbsim::algorithms::nginx {

// The value of a parameter, or the default of its spec.
std::string parameter(const PoolConfig& config, const AlgorithmSpec& spec, const std::string& name);

// Throws InputError if a server or a parameter is not what `spec` accepts.
void check_config(const PoolConfig& config, const AlgorithmSpec& spec, bool allows_backup);

// `proxy_next_upstream` as a set of results: bit number = Result.
std::uint32_t next_upstream_results(const std::string& words);

}  // namespace lbsim::algorithms::nginx
