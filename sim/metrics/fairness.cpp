#include "metrics/fairness.hpp"

#include <algorithm>
#include <cmath>

namespace lbsim {

Fairness fairness_of(const std::vector<std::uint64_t>& picks, const std::vector<double>& weights) {
  std::vector<double> loads;
  for (std::size_t i = 0; i < picks.size(); ++i) {
    if (weights[i] > 0) loads.push_back(static_cast<double>(picks[i]) / weights[i]);
  }
  return fairness_of(loads);
}

Fairness fairness_of(const std::vector<double>& loads) {
  double n = 0;
  double sum = 0;
  double squares = 0;
  double largest = 0;
  for (const double x : loads) {
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

// By the sorted loads: (2 sum of i x_i) / (n sum of x_i) - (n + 1) / n, i from 1.
double gini_of(std::vector<double> loads) {
  std::sort(loads.begin(), loads.end());
  const auto n = static_cast<double>(loads.size());
  double rank = 0;
  double sum = 0;
  double ranked = 0;
  for (const double x : loads) {
    sum += x;
    ranked += ++rank * x;
  }
  return sum > 0 ? std::max(0.0, 2 * ranked / (n * sum) - (n + 1) / n) : 0;
}

}  // namespace lbsim
