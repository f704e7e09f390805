// Quotients and decimal rounding without a second rounding on the way, so that a figure is the same
// number in every program that computes it exactly (Python's int / int and round() do).
#pragma once

#include <cstdint>

#include "core/random.hpp"

namespace lbsim::workload {

// a / b rounded once, to the nearest double, ties to even. b > 0, a and b below 2^126.
double quotient(Wide a, Wide b);

// The double nearest to the exact decimal value of x rounded to `digits` places, ties to even.
double round_to(double x, int digits);

}  // namespace lbsim::workload
