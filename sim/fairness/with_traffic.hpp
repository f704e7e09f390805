// Tells pools that balance by bytes of the bytes of each request: the same for all.
#pragma once

#include <memory>

#include "algorithms/upstream.hpp"

namespace lbsim::fairness {

// The pool itself, unless it is one of Apache's, which count bytes.
std::unique_ptr<algorithms::Upstream> with_traffic(std::unique_ptr<algorithms::Upstream> pool);

}  // namespace lbsim::fairness
