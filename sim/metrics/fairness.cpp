#include "metrics/fairness.hpp"

#include <algorithm>
#include <cmath>

namespace lbsim {

Fairness fairness_of(const std::vector<std::uint64_t>& picks, const std::vector<double>& weights) {
  double n = 0;
  double sum = 0;
  double squares = 0;
  double largest = 0;
  for (std::size_t i = 0; i < picks.size(); ++i) {
    if (!(weights[i] > 0)) continue;
    const double x = static_cast<double>(picks[i]) / weights[i];
    ++n;
    sum += x;
    squares += x * x;
    largest = std::max(largest, x);
  }
  if (!(sum > 0)) return {};
  const double mean = sum / n;
  const double variance = std::max(0.0, squares / n - mean * mean);
  return {sum * sum / (n * squares), largest / mean, std::sqrt(variance) / mean};
}

}  // namespace lbsim
