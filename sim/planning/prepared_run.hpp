// What a caller may ask of a run, and how that becomes a plan: for `run`, `compare` and Python.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "planning/child_runs.hpp"
#include "scenario/document.hpp"
#include "site/run.hpp"
#include "workload/given_arrivals.hpp"
#include "workload/log_replay.hpp"
#include "workload/request_schedule.hpp"

namespace lbsim::planning {

// A time of the day, "21:05" or "21:05:30".
std::string clock_text(double seconds);

// A log that has been read once, for all runs that replay it: one of the two.
struct ReadLog {
  std::shared_ptr<const workload::LogIndex> index;  // of an access log
  std::shared_ptr<const RequestSchedule> schedule;  // a CSV of requests
};

struct RunRequest {
  std::string page_views;  // a day; empty: as the scenario says
  std::string window;
  std::string duration;                     // cuts the window
  std::string log;                          // an access log to be replayed instead of the workload
  std::shared_ptr<const ReadLog> read_log;  // the same; null: it has not been read yet
  std::vector<std::string> settings;
  std::uint64_t seed = 0;
  bool has_seed = false;
  std::string kernel = "native";  // or simgrid
  std::string windows;            // length of windows to count requests by; empty: none
  bool timeline = false;          // RunPlan::keep_timeline
  ArrivalTimes arrivals;          // null: from the workload
};

// A plan and what the result should say about it.
struct PreparedRun {
  RunPlan plan;
  std::string scenario_text;  // the effective scenario
  std::string sha256;         // of it
  std::string window;         // for people
  std::vector<std::string> notes;
  std::shared_ptr<const ReadLog> read_log;  // null: no log is replayed
  double capex_cny = 0;
  double opex_cny_per_year = 0;
  // Why the window's load is not the same from its begin to its end; empty if it is.
  std::string unsteady;
};

// Throw InputError with all mistakes of the scenario, the request and the log.
PreparedRun prepare(const std::string& file, const RunRequest& request);
PreparedRun prepare(const scenario::Document& document, const RunRequest& request);

// Runs it here and now; `progress` as in RunPlan.
RunResult run_here(const PreparedRun& prepared,
                   const std::function<bool(const Progress&)>& progress);

// The run of a scenario as a child's. Its mistakes, but those of `seed`, have been found.
ChildRun child_run(const std::string& file, const RunRequest& request, std::uint64_t seed);
ChildRun child_run(const scenario::Document& document, const RunRequest& request,
                   std::uint64_t seed);

// The request's overrides of the scenario: --set, --pv, --window.
std::vector<std::string> settings_of(const RunRequest& request);

}  // namespace lbsim::planning
