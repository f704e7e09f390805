// What a run has found, ready to be shown: as JSON (docs/contract.md), as CSV, as a summary.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "metrics/recorder.hpp"

namespace lbsim {

// What --precision asked of a run, and what the run could say.
struct PrecisionResult {
  std::string metric;     // p99
  bool is_share = false;  // errors: estimate and half widths are shares of all requests
  double wanted = 0;      // half width: a part of the estimate, or a share
  double estimate = 0;    // seconds or a share, of what came after the warm-up
  double half_width = 0;  // of its 95 % interval
  bool reached = false;
  std::string lacks;     // why it was not reached
  double warm_up_s = 0;  // left out
  int batches = 0;
  double batch_s = 0;
};

struct RunResult {
  std::string scenario;
  std::string scenario_text;  // the effective scenario
  std::string sha256;         // of it
  std::uint64_t seed = 1;
  std::string kernel = "native";
  double simulated_s = 0;
  bool partial = false;
  double window_start_s = 0;  // of the day
  std::string window;         // "busiest hour, 20:00-21:00" for people
  double page_views_per_day = 0;
  double capex_cny = 0;
  double opex_cny_per_year = 0;
  std::vector<std::string> notes;  // what the user ought to know about this run
  std::vector<PrecisionResult> precision;
  std::string page;  // of a report (report/report.hpp), where it was made beside the run
  Recorder recorder;

  // Not deterministic; for --stats.
  double wall_s = 0;
  double cpu_s = 0;
  std::uint64_t events = 0;
  std::uint64_t requests_in_flight_max = 0;
};

struct Bottleneck {
  std::string node;
  std::string tier;
  std::string kind;
  std::string resource;
  double utilization = 0;  // of its busiest minute
};

Bottleneck bottleneck_of(const RunResult& result);

// Share of generated requests that did not end ok.
double error_share(const RunResult& result);

// Whether the run could say all that --precision asked for; true if that was nothing.
bool is_precise(const RunResult& result);

// Throws Bug if requests were lost or counted twice, in total or at a node.
void check_conservation(const RunResult& result);

std::string to_json(
    const RunResult& result);  // ends in a line feed; the same bytes for the same run

}  // namespace lbsim
