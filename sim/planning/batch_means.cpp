#include "planning/batch_means.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/math.hpp"
#include "planning/warm_up.hpp"

namespace lbsim::planning {
namespace {

constexpr int kBatches = 20;
constexpr double kBeyondQuantile = 30;  // requests of a batch that must lie beyond a quantile
constexpr double kFewestOfMean = 30;    // requests of a batch for its mean to be about normal

const std::array<Measure, 7>& measures() {
  using Kind = Measure::Kind;
  static const std::array<Measure, 7> kMeasures = {{{"mean", Kind::mean, 0},
                                                    {"p50", Kind::quantile, 0.5},
                                                    {"p90", Kind::quantile, 0.9},
                                                    {"p95", Kind::quantile, 0.95},
                                                    {"p99", Kind::quantile, 0.99},
                                                    {"p999", Kind::quantile, 0.999},
                                                    {"errors", Kind::errors, 0}}};
  return kMeasures;
}

struct Batch {
  double count = 0;
  double sum = 0;       // of latencies or failures
  double quantile = 0;  // of the batch
};

// Windows without an answer say nothing of latencies: the one before stands for them.
std::vector<double> window_means(const std::vector<SeriesWindow>& windows) {
  std::vector<double> means;
  for (const SeriesWindow& w : windows) {
    means.push_back(w.ok() > 0      ? w.latency_sum_s / static_cast<double>(w.ok())
                    : means.empty() ? 0
                                    : means.back());
  }
  return means;
}

Batch batch_of(const std::vector<SeriesWindow>& windows, std::size_t from, std::size_t to,
               const Measure& measure) {
  Batch batch;
  for (std::size_t w = from; w < to; ++w) {
    const SeriesWindow& window = windows[w];
    batch.count += static_cast<double>(measure.is_share() ? window.ended : window.ok());
    batch.sum += measure.is_share() ? static_cast<double>(window.failed) : window.latency_sum_s;
  }
  if (measure.kind == Measure::Kind::quantile) {
    batch.quantile = quantile_s_of(merged_counts(windows, from, to), measure.q);
  }
  return batch;
}

// What each batch adds to the error of the estimate: their mean is about 0.
std::vector<double> deviations(const std::vector<Batch>& batches, const Measure& measure,
                               double whole) {
  double mean_count = 0;
  for (const Batch& batch : batches) mean_count += batch.count / kBatches;
  std::vector<double> all;
  for (const Batch& batch : batches) {
    all.push_back(measure.kind == Measure::Kind::quantile
                      ? batch.quantile - whole
                      : (batch.sum - whole * batch.count) / mean_count);
  }
  return all;
}

// Von Neumann's ratio of neighbours' differences to the variance, as a correlation.
bool correlated(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0;
  for (const double value : values) mean += value / n;
  double squares = 0;
  double steps = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    squares += (values[i] - mean) * (values[i] - mean);
    if (i > 0) steps += (values[i] - values[i - 1]) * (values[i] - values[i - 1]);
  }
  if (squares == 0) return false;
  const double deviation = std::sqrt((n - 2) / (n * n - 1));
  return 1 - steps / (2 * squares) > normal_quantile(0.99) * deviation;
}

std::string too_few(const std::vector<Batch>& batches, const Measure& measure) {
  const double wanted = measure.kind == Measure::Kind::quantile
                            ? kBeyondQuantile / std::min(measure.q, 1 - measure.q)
                            : kFewestOfMean;
  double fewest = batches.front().count;
  for (const Batch& batch : batches) fewest = std::min(fewest, batch.count);
  if (fewest >= wanted - 1e-6) return "";
  return fmt::format("a batch has {:.0f} requests, and {} needs {:.0f}", fewest, measure.name,
                     wanted);
}

Interval interval_of(const std::vector<double>& errors, double whole, double count) {
  double squares = 0;
  for (const double error : errors) squares += error * error;
  const double t = student_t_quantile(0.5 + kConfidence / 2, kBatches - 1);
  Interval interval{whole, t * std::sqrt(squares / (kBatches - 1) / kBatches)};
  // Nothing failed: at this rate or above something would have, in 95 % of cases.
  if (whole == 0) interval.half_width = 3 / count;
  return interval;
}

}  // namespace

Measure measure_named(const std::string& name, const std::string& field) {
  std::vector<std::string> names;
  std::string list;
  for (const Measure& measure : measures()) {
    if (measure.name == name) return measure;
    names.push_back(measure.name);
    list += (list.empty() ? "" : ", ") + measure.name;
  }
  const std::string near = nearest_word(name, names);
  throw InputError(Diagnostic{
      .file = {},
      .field = field,
      .message = fmt::format("no measure is called '{}'", name),
      .hint = near.empty() ? "there are " + list : fmt::format("did you mean '{}'?", near)});
}

Estimate estimate(const RunSeries& series, const Measure& measure, double batch_min_s) {
  const std::vector<SeriesWindow>& windows = series.windows();
  Estimate result;
  const auto cut = mser5(window_means(windows));
  const std::size_t each = (windows.size() - cut.value_or(0)) / kBatches;
  if (!cut || each == 0) {
    result.lacks = "the warm-up is not over in the first half of the run";
    return result;
  }
  const std::size_t first = windows.size() - each * kBatches;
  const double step_s = to_seconds(series.step());
  result.warm_up_s = static_cast<double>(first) * step_s;
  result.batch_s = static_cast<double>(each) * step_s;
  result.batches = kBatches;
  std::vector<Batch> batches;
  Batch sum;
  for (std::size_t w = first; w < windows.size(); w += each) {
    batches.push_back(batch_of(windows, w, w + each, measure));
    sum.count += batches.back().count;
    sum.sum += batches.back().sum;
  }
  if (sum.count == 0) {
    result.lacks = "no request has ended";
    return result;
  }
  const double whole = measure.kind == Measure::Kind::quantile
                           ? quantile_s_of(merged_counts(windows, first, windows.size()), measure.q)
                           : sum.sum / sum.count;
  const std::vector<double> errors = deviations(batches, measure, whole);
  result.interval = interval_of(errors, whole, sum.count);
  result.lacks = too_few(batches, measure);
  if (result.lacks.empty() && result.batch_s < batch_min_s) {
    result.lacks = fmt::format(
        "batches of {:.3g} s are shorter than the {:.3g} s that a visit or two "
        "bursts last",
        result.batch_s, batch_min_s);
  }
  if (result.lacks.empty() && correlated(errors)) {
    result.lacks = "neighbouring batches are still correlated";
  }
  return result;
}

}  // namespace lbsim::planning
