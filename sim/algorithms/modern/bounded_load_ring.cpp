// Ring hash with bounded loads: a key goes to the first member along the circle that carries less
// than c times the mean. Vimeo's and Google's (HAProxy: hash-balance-factor). Looks at weights and
// the pool's own counters. Cost per pick: as ring_hash, and O(members) to see who has room.
//
// The bound, ceil(c T w / W) requests with the new one counted in T, is what `bounded_load` puts
// around any rule; here it is on by default.
// Source: V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent Hashing with Bounded Loads", SODA
// 2018.
#include "algorithms/modern/ring.hpp"
#include "algorithms/modern/specs.hpp"

namespace lbsim::algorithms::modern {

AlgorithmSpec bounded_load_ring_spec() {
  return make_spec<RingHash>(
      "bounded_load_ring", "ring hash in which no member carries more than a multiple of the mean",
      "Mirrokni, Thorup, Zadimoghaddam, Consistent Hashing with Bounded Loads, SODA 2018",
      ring_parameters(), {{"bounded_load", "1.25"}});
}

}  // namespace lbsim::algorithms::modern
