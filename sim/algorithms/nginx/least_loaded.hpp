// The inner loops of least_conn, over arrays so that they run on vector units.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "algorithms/nginx/peers.hpp"

namespace lbsim::algorithms::nginx {

// Load of a peer that may not be picked.
inline constexpr std::int32_t kClosed = std::numeric_limits<std::int32_t>::max();

// One step of smooth weighted round robin among the peers with the smallest load; the others'
// currents stay. kNoPeer if all are closed.
PeerIndex least_loaded(const std::int32_t* load, const std::int32_t* weight, std::int32_t* current,
                       std::size_t count);

}  // namespace lbsim::algorithms::nginx
