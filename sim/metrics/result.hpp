// What a run has found, ready to be shown: as JSON (docs/contract.md), as CSV, as a summary.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "metrics/recorder.hpp"

namespace lbsim {

struct RunResult {
  std::string scenario;
  std::string sha256;  // of the effective scenario
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

// Throws Bug if requests were lost or counted twice, in total or at a node.
void check_conservation(const RunResult& result);

std::string to_json(
    const RunResult& result);  // ends in a line feed; the same bytes for the same run

}  // namespace lbsim
