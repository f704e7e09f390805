// Spreads servers over the entries of a static map.
#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::haproxy {

struct Share {
  ServerId server = kNoServer;
  std::uint32_t weight = 0;  // above 0
};

// One server per entry; `total` is the sum of the weights and the number of entries.
std::vector<ServerId> spread(const std::vector<Share>& shares, std::uint32_t total);

}  // namespace lbsim::algorithms::haproxy
