// A scenario's workload fitted to a site's own log, and a run of it held against that log.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "scenario/site_reader.hpp"
#include "site/run.hpp"
#include "workload/log_profile.hpp"

namespace lbsim::planning {

// Where a fitted distribution comes from; empty: the log says nothing, and the scenario's stays.
struct FittedKind {
  std::vector<double> sizes;    // bytes: means of equal parts of the sorted sizes, each as likely
  std::vector<double> times_s;  // likewise, of one core of speed 1
  std::string times_from;       // "the servers' times (Tr or $upstream_response_time)", ...
};

struct Calibration {
  workload::LogProfile log;
  WorkloadConfig workload;  // the scenario's, with all that was fitted
  std::array<double, 24> hours{};
  FittedKind documents;
  FittedKind assets;
  double server_speed = 1;   // in the mean: logged times times it are those of speed 1
  double zipf = 0;           // of URLs
  double dispersion = 1;     // of requests per minute within hours
  bool fits_visits = false;  // pages of a visit and think time
};

// Distributions are empirical, of at most 100 values, so they keep the log's means. Service times
// are those of the minutes that are no busier than the median one, where hardly anything waits.
Calibration calibrate(const workload::LogProfile& log, const scenario::LoadedScenario& base);

// The fitted workload on the scenario's machines for a day, without faults, clients next door: what
// the site's own log would show.
struct Reproduction {
  RunResult run;
  std::vector<std::uint32_t> requests_per_minute;
  std::array<double, 24> requests_per_hour{};
  double dispersion = 1;
};

// Runs twice: the first run shows how bursty visits alone make the requests; what the log has more
// than that becomes workload.burst. `progress` as RunPlan's; a partial run ends it.
Reproduction reproduce(Calibration& calibration, const scenario::LoadedScenario& base,
                       const std::function<bool(const Progress&)>& progress);

// A scenario that includes `include` and says what was fitted, each with where it comes from.
std::string calibrated_scenario(const Calibration& calibration,
                                const scenario::LoadedScenario& base, const std::string& include,
                                const std::string& log_name);

// Fitted against log, number by number.
std::string reproduction_text(const Calibration& calibration, const Reproduction& reproduction);

}  // namespace lbsim::planning
