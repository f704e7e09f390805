#include "fairness/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "core/check.hpp"

namespace lbsim::fairness {
namespace {

// Continued fraction of the incomplete beta function by Lentz's method: Press et al., "Numerical
// Recipes", section 6.4.
double beta_fraction(double x, double a, double b) {
  constexpr double kSmall = 1e-300;
  const auto away_from_zero = [](double v) { return std::fabs(v) < kSmall ? kSmall : v; };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m < 10'000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    fraction *= d * c;
    if (std::fabs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

// Regularised incomplete beta function I_x(a, b).
double incomplete_beta(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

// Twice the midrank of each value, so that they are whole.
std::vector<std::size_t> doubled_ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<std::size_t> ranks(values.size());
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from;
    while (to < order.size() && values[order[to]] == values[order[from]]) ++to;
    for (std::size_t i = from; i < to; ++i) ranks[order[i]] = from + 1 + to;
    from = to;
  }
  return ranks;
}

}  // namespace

double student_two_sided(double t, double degrees) {
  return incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

double welch_test(const Sample& a, const Sample& b) {
  const double error_a = a.variance / a.count;
  const double error_b = b.variance / b.count;
  const double squared = error_a + error_b;
  if (squared == 0) return a.mean == b.mean ? 1 : 0;
  const double degrees =
      squared * squared / (error_a * error_a / (a.count - 1) + error_b * error_b / (b.count - 1));
  return student_two_sided((a.mean - b.mean) / std::sqrt(squared), degrees);
}

double rank_sum_test(const std::vector<double>& a, const std::vector<double>& b) {
  const std::vector<double>& smaller = a.size() <= b.size() ? a : b;
  const std::vector<double>& larger = a.size() <= b.size() ? b : a;
  std::vector<double> all = smaller;
  all.insert(all.end(), larger.begin(), larger.end());
  LBSIM_CHECK(!smaller.empty() && all.size() <= 100);
  const std::vector<std::size_t> ranks = doubled_ranks(all);
  const std::size_t drawn = smaller.size();
  const auto seen = std::accumulate(
      ranks.begin(), ranks.begin() + static_cast<std::ptrdiff_t>(drawn), std::size_t{0});
  // ways[k][s]: how often k of the ranks so far add up to s.
  const std::size_t most = 2 * all.size() * drawn;
  std::vector<std::vector<double>> ways(drawn + 1, std::vector<double>(most + 1));
  ways[0][0] = 1;
  std::size_t reached = 0;
  for (const std::size_t rank : ranks) {
    reached = std::min(most, reached + rank);
    for (std::size_t k = drawn; k > 0; --k) {
      for (std::size_t s = reached; s >= rank; --s) ways[k][s] += ways[k - 1][s - rank];
    }
  }
  const double mean = static_cast<double>(drawn * (all.size() + 1));
  const double distance = std::fabs(static_cast<double>(seen) - mean);
  double total = 0;
  double far = 0;
  for (std::size_t s = 0; s <= most; ++s) {
    total += ways[drawn][s];
    if (std::fabs(static_cast<double>(s) - mean) >= distance) far += ways[drawn][s];
  }
  return far / total;
}

std::vector<bool> holm(const std::vector<double>& p, double alpha) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<bool> rejected(p.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (p[order[i]] > alpha / static_cast<double>(order.size() - i)) break;
    rejected[order[i]] = true;
  }
  return rejected;
}

}  // namespace lbsim::fairness
