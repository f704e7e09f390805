// A DNS name as a pool: a request asks for it and goes to the first address of the answer; one that
// is refused tries the next address of the same answer. A server that leaves is taken out of the
// zone; a dead one is known to the authorities that monitor.
//
// Resolvers' caches and getaddrinfo stand in front of a zone with a TTL of 5 s. Where the answer
// depends on the client's place, clients are in 16 regions of equal size.
#pragma once

#include <memory>
#include <string>

#include "algorithms/algorithm.hpp"

namespace lbsim::fairness {

// Throws InputError as the kinds do. At most 63 servers.
std::unique_ptr<algorithms::Upstream> make_dns_upstream(const std::string& kind,
                                                        const algorithms::PoolConfig& config);

}  // namespace lbsim::fairness
