#include "planning/warm_up.hpp"

namespace lbsim::planning {
namespace {

constexpr std::size_t kBatch = 5;
constexpr std::size_t kFewestBatches = 10;

std::vector<double> batch_means(const std::vector<double>& values) {
  std::vector<double> means(values.size() / kBatch, 0.0);
  for (std::size_t i = 0; i < means.size() * kBatch; ++i) means[i / kBatch] += values[i] / kBatch;
  return means;
}

}  // namespace

std::optional<std::size_t> mser5(const std::vector<double>& values) {
  const std::vector<double> means = batch_means(values);
  if (means.size() < kFewestBatches) return std::nullopt;
  // From the end, the sum of squared deviations of means[d..] grows by one value (Welford 1962).
  double mean = 0;
  double squares = 0;
  double least = 0;
  std::size_t best = means.size();
  for (std::size_t d = means.size(); d-- > 0;) {
    const auto n = static_cast<double>(means.size() - d);
    const double step = means[d] - mean;
    mean += step / n;
    squares += step * (means[d] - mean);
    // The last few means are near each other by chance.
    if (means.size() - d < kBatch) continue;
    const double error = squares / (n * n);
    if (best == means.size() || error <= least) {
      best = d;
      least = error;
    }
  }
  if (best > means.size() / 2) return std::nullopt;
  return best * kBatch;
}

}  // namespace lbsim::planning
