// Holds pools whose code is not lbsim's own to what Upstream promises.
#pragma once

#include "algorithms/algorithm.hpp"

namespace lbsim::algorithms {

// The same algorithm; its pools throw InputError, about FAMILY/NAME, where they name a server or a
// ticket that there is not, throw something else, or want to hear of servers more often than each
// millisecond.
AlgorithmSpec guarded(AlgorithmSpec spec);

}  // namespace lbsim::algorithms
