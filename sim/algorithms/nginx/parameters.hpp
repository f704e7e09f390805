// Checking what a configuration says to a method of nginx.
#pragma once

#include <cstdint>
#include <string>

#include "algorithms/parameters.hpp"

namespace lbsim::algorithms::nginx {

// The pool's parameters. Throws one InputError with all servers, names and conditions that `spec`
// does not accept.
Parameters check_config(const PoolConfig& config, const AlgorithmSpec& spec, bool allows_backup);

// `proxy_next_upstream` as a set of results: bit number = Result.
std::uint32_t next_upstream_results(const std::string& words);

}  // namespace lbsim::algorithms::nginx
