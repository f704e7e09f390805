#include "core/math.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace lbsim {
namespace {

// ln 2 split so that k * kLn2High is exact for |k| < 2^11 (its low 21 bits are zero).
constexpr double kLn2High = 0x1.62e42fee00000p-1;
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;

double scale_by_power_of_two(double x, int exponent) {
  return x * std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

// By pairs, then pairs of pairs (Estrin 1960): a third of the steps of Horner's rule wait for each
// other, and a draw is mostly waiting. The order is fixed, so the bits are the same everywhere.
template <int N>
double polynomial(const double (&coefficients)[N], double x) {
  static_assert(N >= 8 && N <= 12 && N % 2 == 0);
  const auto pair = [&](int i) { return coefficients[i] + coefficients[i + 1] * x; };
  const double x2 = x * x;
  const double x4 = x2 * x2;
  const double low = (pair(0) + pair(2) * x2) + (pair(4) + pair(6) * x2) * x4;
  if constexpr (N == 8) return low;
  const double x8 = x4 * x4;
  if constexpr (N == 10) return low + pair(8) * x8;
  if constexpr (N == 12) return low + (pair(8) + pair(10) * x2) * x8;
}

}  // namespace

double exact_log(double x) {
  if (!(x > 0)) {
    return x == 0 ? -std::numeric_limits<double>::infinity()
                  : std::numeric_limits<double>::quiet_NaN();
  }
  if (std::isinf(x)) return x;
  int exponent = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    exponent = -54;
  }
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<int>(bits >> 52) - 1023;
  double mantissa =
      std::bit_cast<double>((bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    ++exponent;
  }
  // log(m) = 2 atanh(s), s = (m - 1) / (m + 1), |s| < 0.1716. With f = m - 1:
  // 2 atanh(s) = f - (f^2 / 2 - s (f^2 / 2 + R)), R the series of 2 atanh(s) / s - 2 in s^2,
  // which keeps the rounding of the large term f out of the result.
  const double f = mantissa - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  static constexpr double kSeries[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11,
                                       2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
  const double series = z * polynomial(kSeries, z);
  const double half_square = 0.5 * f * f;
  const double k = exponent;
  return k * kLn2High - ((half_square - (s * (half_square + series) + k * kLn2Low)) - f);
}

double exact_exp(double x) {
  if (x != x) return x;
  if (x > 709.782712893384) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0.0;
  const double k = std::floor(x * 1.4426950408889634 + 0.5);
  const double high = x - k * kLn2High;
  const double low = k * kLn2Low;
  const double r = high - low;
  // Taylor series of e^r for |r| <= 0.347; the last term is below 2^-56.
  static constexpr double kInverseFactorial[] = {
      1.0 / 2,      1.0 / 6,       1.0 / 24,       1.0 / 120,       1.0 / 720,      1.0 / 5040,
      1.0 / 40320,  1.0 / 362880,  1.0 / 3628800,  1.0 / 39916800,  1.0 / 479001600,
      1.0 / 6227020800.0};
  const double tail = r * r * polynomial(kInverseFactorial, r);
  const double correction = (high - r) - low;
  const double value = 1.0 + (r + (tail + correction));
  const int exponent = static_cast<int>(k);
  if (exponent < -1021) return scale_by_power_of_two(value, exponent + 54) * 0x1p-54;
  if (exponent > 1023) return scale_by_power_of_two(value, exponent - 1) * 2.0;
  return scale_by_power_of_two(value, exponent);
}

double exact_pow(double x, double y) { return exact_exp(y * exact_log(x)); }

double normal_quantile(double p) {
  static constexpr double kCentralTop[] = {
      3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3,
      1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
      3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr double kCentralBottom[] = {
      1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
      2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4,
      5.2264952788528545610e+3};
  static constexpr double kMiddleTop[] = {
      1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
      3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
      2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double kMiddleBottom[] = {
      1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
      1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
      1.05075007164441684324e-9};
  static constexpr double kTailTop[] = {
      6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
      2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
      2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double kTailBottom[] = {
      1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
      7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
      2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(kCentralTop, r) / polynomial(kCentralBottom, r);
  }
  const double r = std::sqrt(-exact_log(q < 0 ? p : 1.0 - p));
  const double value = r <= 5.0
                           ? polynomial(kMiddleTop, r - 1.6) / polynomial(kMiddleBottom, r - 1.6)
                           : polynomial(kTailTop, r - 5.0) / polynomial(kTailBottom, r - 5.0);
  return q < 0 ? -value : value;
}

}  // namespace lbsim
