// The hash by which ip_hash picks.
#pragma once

#include <cstdint>

#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::nginx {

// 0..6270, the same for all clients of an IPv4 /24; its rest by the sum of the weights names a
// server.
std::uint32_t ip_hash_of(const Address& client);

}  // namespace lbsim::algorithms::nginx
