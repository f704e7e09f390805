#include "validation/latencies.hpp"

#include <algorithm>
#include <cmath>

namespace lbsim::validation {
namespace {

Latencies summary_of(std::vector<double> us) {
  Latencies result;
  result.count = us.size();
  if (us.empty()) return result;
  std::sort(us.begin(), us.end());
  double sum = 0;
  for (const double x : us) sum += x;
  const auto n = static_cast<double>(us.size());
  const auto rank = [&](double q) {
    return us[static_cast<std::size_t>(std::max(1.0, std::ceil(q * n - 1e-9))) - 1];
  };
  result.us = {sum / n, rank(0.5), rank(0.9), rank(0.99)};
  return result;
}

}  // namespace

Latencies recorded_latencies(const RecordedRun& run) {
  std::vector<double> us;
  for (const RecordedRequest& request : run.requests) {
    if (request.status == 200) us.push_back(static_cast<double>(request.latency_us));
  }
  return summary_of(std::move(us));
}

Latencies simulated_latencies(const std::vector<RequestRecord>& records) {
  std::vector<double> us;
  for (const RequestRecord& record : records) {
    if (record.outcome != RequestOutcome::ok) continue;
    us.push_back(to_seconds(record.ended - record.asked) * 1e6);
  }
  return summary_of(std::move(us));
}

Quantities error_percent(const Latencies& simulated, const Latencies& recorded) {
  Quantities error{};
  for (std::size_t q = 0; q < kQuantities; ++q) {
    if (recorded.us[q] > 0) error[q] = 100 * (simulated.us[q] / recorded.us[q] - 1);
  }
  return error;
}

Quantities mean_of(const std::vector<Quantities>& sets) {
  Quantities mean{};
  for (const Quantities& set : sets) {
    for (std::size_t q = 0; q < kQuantities; ++q) {
      mean[q] += set[q] / static_cast<double>(sets.size());
    }
  }
  return mean;
}

Quantities standard_deviation_of(const std::vector<Quantities>& sets) {
  const Quantities mean = mean_of(sets);
  Quantities result{};
  for (std::size_t q = 0; q < kQuantities; ++q) {
    double sum = 0;
    for (const Quantities& set : sets) sum += (set[q] - mean[q]) * (set[q] - mean[q]);
    result[q] = std::sqrt(sum / static_cast<double>(sets.size() - 1));
  }
  return result;
}

}  // namespace lbsim::validation
