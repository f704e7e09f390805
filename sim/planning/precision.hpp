// Stops a run when what was asked of it is known well enough: --precision "p99:2%".
#pragma once

#include <string>
#include <vector>

#include "planning/batch_means.hpp"
#include "site/run.hpp"

namespace lbsim::planning {

struct PrecisionGoal {
  Measure measure;
  // The most that the half width of the 95 % interval may be: of latencies a part of the estimate,
  // of errors a share of all requests.
  double half_width = 0;

  bool is_met(const Interval& interval) const {
    return (measure.is_share() ? interval.half_width : interval.relative()) <= half_width;
  }
};

// "p99:2%" or "mean:1%,errors:0.05%". Throws InputError naming --precision.
std::vector<PrecisionGoal> parse_precision(const std::string& text);

// "p99 184.2 ms +- 1.9 %", "errors 0.1200 % +- 0.0300 %".
std::string estimate_text(const Measure& measure, double estimate, double half_width);

// Watches a run (RunPlan::observe) of a steady state and ends it when all goals are met. It looks
// after 2 % of the window, and again whenever the run is about 1.4 times as long; two looks in a
// row must agree.
//
// To stop when the interval is narrow is to stop when it is narrow by accident, and such intervals
// cover too little: asymptotic validity needs a consistent estimate of the variance (Glynn and
// Whitt, Annals of Applied Probability 2, 1992, theorem 1), which that of twenty batches is not. So
// the variance is the largest that any look found, scaled to the length of the run
// (tests/planning/coverage_test.cpp).
class PrecisionWatch {
 public:
  PrecisionWatch(std::vector<PrecisionGoal> goals, double window_s, double batch_min_s);

  Duration observe(Time now, const Recorder& recorder);

  // Of all goals, from what has been seen: call it when the run is over.
  std::vector<PrecisionResult> results() const;

 private:
  // What the series says of a goal now, and how wide the looks so far make it.
  Estimate estimate_of(std::size_t goal) const;
  bool all_met();

  std::vector<PrecisionGoal> goals_;
  std::vector<double> widest_;  // of each goal: half width times the root of what it is from, in s
  double batch_min_s_;
  RunSeries series_;
  Duration first_step_ = series_.step();
  bool met_before_ = false;
  double seen_s_ = 0;
};

// Batches shorter than these are correlated whatever their means say: a visit of the scenario's
// users, and two of its bursts.
double batch_min_s_of(const WorkloadConfig& workload);

}  // namespace lbsim::planning
