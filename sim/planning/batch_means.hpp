// What one long run tells of a steady state, and how surely: its beginning is left out (warm_up),
// the rest is cut into batches so long that their means are independent.
#pragma once

#include <string>

#include "metrics/run_series.hpp"
#include "planning/interval.hpp"

namespace lbsim::planning {

// A number of a run that batches can estimate.
struct Measure {
  enum class Kind : std::uint8_t { mean, quantile, errors };
  std::string name;  // mean, p50, p90, p95, p99, p999, errors
  Kind kind = Kind::mean;
  double q = 0;  // of a quantile

  bool is_share() const { return kind == Kind::errors; }
};

// Throws InputError naming `field` with the nearest name there is.
Measure measure_named(const std::string& name, const std::string& field);

struct Estimate {
  Interval interval;     // of latencies in seconds, of errors as a share
  std::string lacks;     // why the run is too short to tell; empty if it is not
  double warm_up_s = 0;  // that was left out
  double batch_s = 0;
  int batches = 0;
};

// Twenty batches (Schmeiser, Operations Research 30, 1982: more than 30 gain little).
// Means and shares: ratio of sums, its variance from the batches' residuals. Quantiles: of all that
// is left, their variance from the batches' quantiles around it (sectioning; Asmussen and Glynn,
// Stochastic Simulation, 2007, III.5a). No interval is given if the warm-up did not end in the
// first half, if a batch has too few requests or is shorter than `batch_min_s`, or if the batches
// are correlated (von Neumann's ratio, one-sided at 1 %; Fishman, Management Science 24, 1978).
Estimate estimate(const RunSeries& series, const Measure& measure, double batch_min_s = 0);

}  // namespace lbsim::planning
