#include "fairness/statistics.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "core/check.hpp"

namespace lbsim::fairness {
namespace {

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
  return boost::math::ibeta(degrees / 2, 0.5, degrees / (degrees + t * t));
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
