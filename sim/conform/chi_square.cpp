#include "conform/chi_square.hpp"

#include <fmt/format.h>

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numeric>

#include "core/check.hpp"

namespace lbsim::conform {
double chi_square_tail(double x, int degrees) {
  return x <= 0 || degrees <= 0 ? 1 : boost::math::gamma_q(degrees / 2.0, x / 2);
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
