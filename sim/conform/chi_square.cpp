#include "conform/chi_square.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "core/check.hpp"

namespace lbsim::conform {
namespace {

// Regularised upper incomplete gamma function Q(a, x): series below a + 1, continued fraction
// (Lentz) above. Press et al., "Numerical Recipes", section 6.2.
double upper_gamma(double a, double x) {
  constexpr int kMostTerms = 10'000;
  constexpr double kSmall = 1e-300;
  const double front = std::exp(a * std::log(x) - x - std::lgamma(a));
  if (x < a + 1) {
    double term = 1 / a;
    double sum = term;
    for (int n = 1; n < kMostTerms && term > sum * 1e-16; ++n) sum += term *= x / (a + n);
    return 1 - front * sum;
  }
  double b = x + 1 - a;
  double c = 1 / kSmall;
  double d = 1 / b;
  double fraction = d;
  for (int n = 1; n < kMostTerms; ++n) {
    const double an = -n * (n - a);
    b += 2;
    d = an * d + b;
    if (std::fabs(d) < kSmall) d = kSmall;
    c = b + an / c;
    if (std::fabs(c) < kSmall) c = kSmall;
    d = 1 / d;
    fraction *= d * c;
    if (std::fabs(d * c - 1) < 1e-15) break;
  }
  return front * fraction;
}

}  // namespace

double chi_square_tail(double x, int degrees) {
  return x <= 0 || degrees <= 0 ? 1 : upper_gamma(degrees / 2.0, x / 2);
}

void ChiSquare::add(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  LBSIM_CHECK(a.size() == b.size());
  const auto sum_a = static_cast<double>(std::accumulate(a.begin(), a.end(), std::uint64_t{0}));
  const auto sum_b = static_cast<double>(std::accumulate(b.begin(), b.end(), std::uint64_t{0}));
  if (sum_a == 0 || sum_b == 0) return;
  int categories = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] + b[i] == 0) continue;
    const double x = static_cast<double>(a[i]) * std::sqrt(sum_b / sum_a);
    const double y = static_cast<double>(b[i]) * std::sqrt(sum_a / sum_b);
    statistic += (x - y) * (x - y) / static_cast<double>(a[i] + b[i]);
    ++categories;
  }
  degrees += categories - 1;
}

std::string ChiSquare::text() const {
  return fmt::format("chi-square {:.6g} with {} degrees of freedom", statistic, degrees);
}

}  // namespace lbsim::conform
