// A virtual service of IPVS as a pool: each request is a connection of its own through a direct-
// routing director, opened by its SYN and closed by its FIN, after which the entry lives on as
// inactive for its timeout. A server that leaves or is found dead is taken off the list, as
// keepalived does; a draining one gets weight 0.
#pragma once

#include <memory>
#include <string>

#include "algorithms/algorithm.hpp"

namespace lbsim::fairness {

// Seconds; a parameter that the scheduler does not have: ipvsadm -p.
inline constexpr const char* kIpvsPersistence = "persistent";

// The scheduler's flags are parameters with the value true. Throws InputError as the service does.
std::unique_ptr<algorithms::Upstream> make_ipvs_upstream(const std::string& scheduler,
                                                         const algorithms::PoolConfig& config);

}  // namespace lbsim::fairness
