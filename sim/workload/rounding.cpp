#include "workload/rounding.hpp"

#include <charconv>
#include <cmath>

#include "core/check.hpp"

namespace lbsim::workload {

double quotient(Wide a, Wide b) {
  LBSIM_CHECK(b > 0 && a >> 126 == 0 && b >> 126 == 0);
  if (a == 0) return 0;
  Wide whole = a / b;
  Wide rest = a % b;
  int exponent = 0;
  // Long division in binary until the quotient has more bits than a double holds ...
  for (; whole >> 55 == 0; --exponent) {
    rest *= 2;
    whole = whole * 2 + (rest >= b ? 1 : 0);
    if (rest >= b) rest -= b;
  }
  // ... and no more than the conversion below rounds only once.
  bool inexact = rest != 0;
  for (; whole >> 62 != 0; ++exponent) {
    inexact = inexact || (whole & 1) != 0;
    whole >>= 1;
  }
  const auto bits = static_cast<std::uint64_t>(whole) | (inexact ? 1u : 0u);
  return std::ldexp(static_cast<double>(bits), exponent);
}

double round_to(double x, int digits) {
  char text[400];  // 309 digits in front of the point at most
  const auto written = std::to_chars(text, text + sizeof text, x, std::chars_format::fixed, digits);
  double rounded = x;
  std::from_chars(text, written.ptr, rounded);
  return rounded;
}

}  // namespace lbsim::workload
