#include "planning/precision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenario/units.hpp"

namespace lbsim::planning {
namespace {

constexpr const char* kFlag = "--precision";

[[noreturn]] void refuse(std::string message, std::string hint) {
  throw InputError(Diagnostic{
      .file = {}, .field = kFlag, .message = std::move(message), .hint = std::move(hint)});
}

PrecisionGoal parse_goal(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) {
    refuse(fmt::format("'{}' does not say how precise", text),
           "write MEASURE:PERCENT, as in p99:2%");
  }
  const std::string percent = text.substr(colon + 1);
  PrecisionGoal goal{measure_named(text.substr(0, colon), kFlag),
                     units::parse_percent(percent).or_throw(kFlag)};
  if (!(goal.half_width > 0) || goal.half_width > 0.5) {
    refuse(fmt::format("'{}' is no precision", percent), "name more than 0% and at most 50%");
  }
  return goal;
}

}  // namespace

std::vector<PrecisionGoal> parse_precision(const std::string& text) {
  std::vector<PrecisionGoal> goals;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(',', from), text.size());
    std::string part = text.substr(from, to - from);
    std::erase(part, ' ');
    goals.push_back(parse_goal(part));
    from = to + 1;
  }
  return goals;
}

std::string estimate_text(const Measure& measure, double estimate, double half_width) {
  if (measure.is_share()) {
    return fmt::format("{} {:.4f} % +- {:.4f} %", measure.name, estimate * 100, half_width * 100);
  }
  const double ms = estimate * 1e3;
  return fmt::format("{} {:.{}f} ms +- {:.2f} %", measure.name, ms,
                     ms < 10     ? 3
                     : ms < 1000 ? 1
                                 : 0,
                     half_width / estimate * 100);
}

double batch_min_s_of(const WorkloadConfig& workload) {
  const double visit_s = (workload.pages_per_session - 1) * to_seconds(workload.think);
  return workload.burst_index > 1 ? std::max(visit_s, 2 * to_seconds(workload.burst_interval))
                                  : visit_s;
}

PrecisionWatch::PrecisionWatch(std::vector<PrecisionGoal> goals, double window_s,
                               double batch_min_s)
    : goals_(std::move(goals)),
      widest_(goals_.size(), 0.0),
      batch_min_s_(batch_min_s),
      series_(from_seconds(window_s / (64.0 * RunSeries::kWindowsMost / 2))) {}

Duration PrecisionWatch::observe(Time now, const Recorder& recorder) {
  if (now == kTimeZero) return series_.step();
  series_.observe(recorder);
  seen_s_ = to_seconds(now);
  // Half full just after two windows became one, and three quarters of the way to the next time.
  const std::size_t seen = series_.windows().size();
  if (seen != RunSeries::kWindowsMost * 3 / 4 &&
      (seen != RunSeries::kWindowsMost / 2 || series_.step() == first_step_)) {
    return series_.step();
  }
  const bool met = all_met();
  if (met && met_before_) return Duration{0};
  met_before_ = met;
  return series_.step();
}

Estimate PrecisionWatch::estimate_of(std::size_t goal) const {
  Estimate e = estimate(series_, goals_[goal].measure, batch_min_s_);
  // Where nothing failed the width is not one of a variance.
  if (e.batches == 0 || e.interval.estimate == 0) return e;
  const double width = widest_[goal] / std::sqrt(e.batches * e.batch_s);
  e.interval.half_width = std::max(e.interval.half_width, width);
  return e;
}

bool PrecisionWatch::all_met() {
  bool all = true;
  for (std::size_t i = 0; i < goals_.size(); ++i) {
    const Estimate e = estimate_of(i);
    const bool answers = e.lacks.empty();
    if (answers && e.interval.estimate != 0) {
      const double width = e.interval.half_width * std::sqrt(e.batches * e.batch_s);
      widest_[i] = std::max(widest_[i], width);
    }
    all = all && answers && goals_[i].is_met(e.interval);
  }
  return all;
}

std::vector<PrecisionResult> PrecisionWatch::results() const {
  std::vector<PrecisionResult> results;
  for (std::size_t i = 0; i < goals_.size(); ++i) {
    const PrecisionGoal& goal = goals_[i];
    const Estimate e = estimate_of(i);
    PrecisionResult& result = results.emplace_back();
    result.metric = goal.measure.name;
    result.is_share = goal.measure.is_share();
    result.wanted = goal.half_width;
    result.estimate = e.interval.estimate;
    result.half_width = e.interval.half_width;
    result.warm_up_s = e.warm_up_s;
    result.batches = e.batches;
    result.batch_s = e.batch_s;
    result.lacks = e.lacks;
    result.reached = e.lacks.empty() && goal.is_met(e.interval);
    if (result.reached || !e.lacks.empty()) continue;
    const double width = goal.measure.is_share() ? e.interval.half_width : e.interval.relative();
    result.lacks = fmt::format(
        "{:.3g} s simulated give {}; about {:.2g} s would give {:.3g} %", seen_s_,
        estimate_text(goal.measure, e.interval.estimate, e.interval.half_width),
        seen_s_ * (width / goal.half_width) * (width / goal.half_width), goal.half_width * 100);
  }
  return results;
}

}  // namespace lbsim::planning
