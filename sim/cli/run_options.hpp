// Arguments that run and compare share, and how they become a plan.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "planning/child_runs.hpp"
#include "site/run.hpp"

namespace lbsim::cli {

struct RunOptions {
  std::string page_views;
  std::string window;
  std::string duration;
  std::string log;
  std::string progress = "auto";
  std::vector<std::string> settings;
  std::vector<std::string> plugins;  // that have been loaded
  std::uint64_t seed = 0;
  bool has_seed = false;
  std::string kernel = "native";

  void declare(CLI::App& app);
};

// A plan and what the result should say about it.
struct PreparedRun {
  RunPlan plan;
  std::string scenario_text;  // the effective scenario
  std::string sha256;         // of it
  std::string window;  // for people
  std::vector<std::string> notes;
  double capex_cny = 0;
  double opex_cny_per_year = 0;
};

// Throws InputError with all mistakes of the scenario, the flags and the log.
PreparedRun prepare(const std::string& scenario, const RunOptions& options);

// Runs it here and now; `progress` as RunPlan's.
RunResult run_here(const PreparedRun& prepared,
                   const std::function<bool(const Progress&)>& progress);

// The run of a scenario as a child's. Its mistakes, but those of `seed`, have been found.
planning::ChildRun child_run(const std::string& scenario, const RunOptions& options,
                             std::uint64_t seed);

// Runs it with progress on stderr where wanted; Ctrl-C ends it early, as a partial result.
RunResult run_prepared(PreparedRun& prepared, const RunOptions& options, const std::string& title);

// A time of the day, "21:05" or "21:05:30".
std::string clock_text(double seconds);

// Whether Ctrl-C was pressed since the program began.
bool was_interrupted();

}  // namespace lbsim::cli
