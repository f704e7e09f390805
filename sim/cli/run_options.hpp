// Arguments that run and compare share.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "planning/prepared_run.hpp"

namespace lbsim::cli {

using planning::child_run;
using planning::clock_text;
using planning::prepare;
using planning::PreparedRun;

struct RunOptions : planning::RunRequest {
  std::string progress = "auto";
  std::vector<std::string> plugins;  // that have been loaded

  void declare(CLI::App& app);
  // Without what is of one run: --duration and --log.
  void declare_site(CLI::App& app);
};

// Runs it with progress on stderr where wanted; Ctrl-C ends it early, as a partial result.
RunResult run_prepared(const PreparedRun& prepared, const RunOptions& options,
                       const std::string& title);

// Whether Ctrl-C was pressed since the program began.
bool was_interrupted();

}  // namespace lbsim::cli
