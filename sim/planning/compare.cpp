#include "planning/compare.hpp"

#include <algorithm>
#include <cmath>

#include "planning/metric.hpp"

namespace lbsim {
namespace {

using planning::mean_interval;

struct ComparedMetric {
  const char* name;
  const char* number;  // in metrics()
  double unit;         // what the number is multiplied by
};

constexpr ComparedMetric kCompared[] = {
    {"latency_ms_mean", "mean", 1},  {"latency_ms_p50", "p50", 1},
    {"latency_ms_p90", "p90", 1},    {"latency_ms_p95", "p95", 1},
    {"latency_ms_p99", "p99", 1},    {"latency_ms_p999", "p999", 1},
    {"error_share", "errors", 0.01}, {"utilization_max", "utilization", 0.01}};

std::vector<double> differences_of(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> all;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) all.push_back(b[i] - a[i]);
  return all;
}

}  // namespace

void Comparison::add(std::size_t index, planning::RunReport run) {
  if (numbers_.size() <= index) numbers_.resize(index + 1);
  numbers_[index].push_back(run.numbers);
  if (first_.size() <= index) first_.push_back(std::move(run));
}

std::size_t Comparison::replications() const {
  std::size_t fewest = numbers_.empty() ? 0 : numbers_.front().size();
  for (const auto& runs : numbers_) fewest = std::min(fewest, runs.size());
  return fewest;
}

std::vector<double> Comparison::values(std::size_t scenario, std::string_view metric,
                                       double unit) const {
  const std::size_t index = planning::metric_index(metric);
  std::vector<double> all;
  for (std::size_t r = 0; r < replications(); ++r) {
    all.push_back(numbers_[scenario][r][index] * unit);
  }
  return all;
}

std::vector<Difference> Comparison::differences() const {
  std::vector<Difference> all;
  std::vector<double> p_values;
  for (std::size_t i = 1; i < first_.size(); ++i) {
    for (const ComparedMetric& metric : kCompared) {
      const std::vector<double> a = values(0, metric.number, metric.unit);
      const std::vector<double> b = values(i, metric.number, metric.unit);
      const std::vector<double> paired = differences_of(a, b);
      all.push_back({metric.name, i, mean_interval(a).estimate, mean_interval(b).estimate,
                     mean_interval(paired), planning::p_value_of_zero(paired), false});
      p_values.push_back(all.back().p_value);
    }
  }
  const std::vector<bool> real = planning::holm_rejects(p_values);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].real = real[i];
  return all;
}

std::vector<ComparedPrecision> Comparison::precision(
    const std::vector<planning::PrecisionGoal>& goals) const {
  std::vector<ComparedPrecision> all;
  for (const planning::PrecisionGoal& goal : goals) {
    const bool is_share = goal.measure.is_share();
    const double unit = is_share ? 0.01 : 1;
    const std::vector<double> first = values(0, goal.measure.name, unit);
    ComparedPrecision found{goal, 0, false};
    for (std::size_t i = 0; i < first_.size(); ++i) {
      const std::vector<double> own = values(i, goal.measure.name, unit);
      const planning::Interval interval = mean_interval(own);
      found.widest = std::max(found.widest, is_share ? interval.half_width : interval.relative());
      if (i == 0) continue;
      planning::Interval difference = mean_interval(differences_of(first, own));
      difference.estimate = mean_interval(first).estimate;  // what it is measured by
      found.widest =
          std::max(found.widest, is_share ? difference.half_width : difference.relative());
    }
    found.reached = found.widest <= goal.half_width;
    all.push_back(found);
  }
  return all;
}

}  // namespace lbsim
