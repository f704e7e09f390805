#include "planning/warm_up.hpp"

#include <algorithm>

namespace lbsim::planning {
namespace {

constexpr std::size_t kBatch = 5;
constexpr std::size_t kFewestBatches = 10;
constexpr double kNearLeast = 1.1;

std::vector<double> batch_means(const std::vector<double>& values) {
  std::vector<double> means(values.size() / kBatch, 0.0);
  for (std::size_t i = 0; i < means.size() * kBatch; ++i) means[i / kBatch] += values[i] / kBatch;
  return means;
}

// Of the mean of means[d..], by d. The last few means, near each other by chance, are left out.
std::vector<double> squared_errors(const std::vector<double>& means) {
  std::vector<double> errors(means.size() - kBatch + 1);
  double mean = 0;
  double squares = 0;  // of deviations: grows by one value at a time (Welford 1962)
  for (std::size_t d = means.size(); d-- > 0;) {
    const auto n = static_cast<double>(means.size() - d);
    const double step = means[d] - mean;
    mean += step / n;
    squares += step * (means[d] - mean);
    if (d < errors.size()) errors[d] = squares / (n * n);
  }
  return errors;
}

}  // namespace

std::optional<std::size_t> mser5(const std::vector<double>& values) {
  const std::vector<double> means = batch_means(values);
  if (means.size() < kFewestBatches) return std::nullopt;
  const std::vector<double> errors = squared_errors(means);
  const auto least = std::min_element(errors.begin(), errors.end());
  if (least - errors.begin() > static_cast<long>(means.size() / 2)) return std::nullopt;
  const auto first = std::find_if(errors.begin(), least,
                                  [&](double error) { return error <= kNearLeast * *least; });
  return static_cast<std::size_t>(first - errors.begin()) * kBatch;
}

}  // namespace lbsim::planning
