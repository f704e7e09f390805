// What users are promised, "p99<=300ms,errors<=0.1%", and whether a run keeps it.
#pragma once

#include <string>
#include <vector>

#include "metrics/result.hpp"

namespace lbsim::planning {

struct SloLimit {
  std::size_t metric = 0;  // index into metrics()
  double limit = 0;        // in the metric's unit: ms or percent
};

struct Slo {
  std::vector<SloLimit> limits;
  std::string text;  // as it was written
};

inline constexpr auto kDefaultSlo = "p99<=300ms,errors<=0.1%";
inline constexpr Duration kSloWindow = seconds(300);

// A comma list of METRIC<=DURATION (mean, p50, p90, p95, p99, p999, max) and errors<=PERCENT.
// Throws InputError that names `flag`.
Slo parse_slo(const std::string& text, const std::string& flag = "--slo");
// How long the windows are in each of which an SLO must hold: a time, or "day" for the whole run,
// which gives 0. Throws InputError.
Duration parse_slo_window(const std::string& text, const std::string& flag = "--slo-window");

// The metric of a limit over a window's requests, in the metric's unit. A request that failed is
// over every percentile's limit, so that a site does not keep an SLO by answering few: infinite if
// too few were answered. Mean and max are those of the answers; infinite without any.
double value_of(const SloLimit& limit, const WindowCounts& window);

// How far the window is beyond the limit, as a sum over its requests that is above 0 if and only if
// the limit is exceeded, and that has the same sign in expectation however short the window is:
// a percentile p<=L by the requests over L less (1 - p) of all; errors likewise; the mean by the
// sum of latency - L; max by the requests over L. Sums of independent windows may be added.
double excess_of(const SloLimit& limit, const WindowCounts& window);
// The part of that sum that the limit allows: (1 - p) of all requests, of the mean L for each.
double bound_of(const SloLimit& limit, const WindowCounts& window);

struct SloVerdict {
  bool holds = true;
  // The window and the limit that are nearest to, or furthest over, what was promised.
  SloLimit limit;
  double value = 0;
  double from_s = 0;  // of the run
  double to_s = 0;
};

// The recorder must have recorded windows.
SloVerdict judge(const Slo& slo, const RunResult& result);

// "p99 312 ms > 300 ms", "errors 0.02 % <= 0.1 %".
std::string limit_text(const SloLimit& limit, double value);

}  // namespace lbsim::planning
