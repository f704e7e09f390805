#include <fmt/core.h>

#include "cli/dask.hpp"
#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "planning/sweep_runs.hpp"

namespace lbsim::cli {
namespace {

using planning::SweepGrid;
using planning::SweepJournal;
using planning::SweepRun;

struct SweepOptions {
  std::string scenario;
  RunOptions run;
  std::vector<std::string> vary;
  int replications = 1;
  std::string out;
  std::size_t jobs = 0;
  bool resume = false;
  std::string csv;
  std::string dask;
};

planning::SweepRequest request_of(const SweepOptions& options) {
  planning::SweepRequest request;
  const std::string& file = options.scenario;
  request.prepare = [&file](const planning::RunRequest& run) { return prepare(file, run); };
  request.child = [&file](const planning::RunRequest& run, std::uint64_t seed) {
    return child_run(file, run, seed);
  };
  request.run = options.run;
  request.vary = options.vary;
  request.replications = options.replications;
  request.version = LBSIM_VERSION;
  request.jobs = options.jobs;
  request.stops = was_interrupted;
  return request;
}

// What a worker far away is told to do.
std::vector<std::string> run_arguments(const SweepOptions& options, const SweepRun& run) {
  const RunOptions& given = options.run;
  std::vector<std::string> words = {"run",        options.scenario,
                                    "--seed",     std::to_string(run.seed),
                                    "--kernel",   given.kernel,
                                    "--progress", "never",
                                    "--json",     "-"};
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {flag, value});
  };
  add("--pv", given.page_views);
  add("--window", given.window);
  add("--duration", given.duration);
  add("--log", given.log);
  for (const std::string& file : given.plugins) add("--plugin", file);
  for (const std::string& setting : given.settings) add("--set", setting);
  for (const std::string& setting : run.settings) add("--set", setting);
  return words;
}

void run_away(const SweepOptions& options, const SweepGrid& grid,
              const std::vector<std::size_t>& todo, SweepJournal& journal, ProgressLine& line) {
  std::vector<DaskRun> runs;
  for (const std::size_t i : todo) runs.push_back({i, run_arguments(options, grid.runs[i])});
  std::size_t done = 0;
  const auto ended = [&](std::size_t i, const std::string& json) {
    journal.add(i, json);
    ++done;
  };
  const auto stops = [&] {
    line.update_runs(static_cast<double>(done), todo.size());
    return was_interrupted();
  };
  try {
    run_on_dask(options.dask, runs, ended, stops);
  } catch (const InputError&) {
    journal.discard_if_new();  // no scheduler: nothing is written
    throw;
  }
}

int sweep(const SweepOptions& options) {
  const std::string csv = options.csv.empty() ? options.out + "/sweep.csv" : options.csv;
  if (!options.csv.empty()) require_writable(csv, "--csv");
  planning::SweepRequest request = request_of(options);
  const SweepGrid grid = planning::grid_of(request);
  SweepJournal journal(options.out, grid, options.resume);
  const std::vector<std::size_t> todo = planning::runs_to_do(grid, journal);
  const bool to_people = csv != "-";
  if (to_people && todo.size() < grid.runs.size()) {
    fmt::print("{} of {} runs were done before\n", journal.done_count(), grid.runs.size());
  }
  ProgressLine line(options.run.progress, "sweep");
  request.progress = [&](double done, std::size_t all) { line.update_runs(done, all); };
  if (!todo.empty() && options.dask.empty()) {
    planning::sweep_in_children(request, grid, todo, journal);
  } else if (!todo.empty()) {
    run_away(options, grid, todo, journal, line);
  }
  line.clear();
  write_file(csv, journal.csv(), "--csv");
  if (to_people) {
    fmt::print("{} of {} runs are done: {}\n", journal.done_count(), grid.runs.size(), csv);
  }
  if (journal.done_count() == grid.runs.size()) return kHolds;
  fmt::print(stderr, "interrupted: --resume does the other {} runs\n",
             grid.runs.size() - journal.done_count());
  return kInterrupted;
}

}  // namespace

Verb sweep_verb() {
  return {"sweep", "a grid of runs, on disk as they end", [](CLI::App& app) {
            const auto options = std::make_shared<SweepOptions>();
            app.add_option("SCENARIO", options->scenario, "scenario file (TOML)")->required();
            options->run.declare(app);
            app.add_option(
                   "--vary", options->vary,
                   "a field and its values: --vary proxies.count=4,8,16; more: every combination")
                ->required()
                ->allow_extra_args(false);
            app.add_option("--replications", options->replications,
                           "runs of each point; seeds are the same at all points")
                ->check(CLI::Range(1, 10000));
            app.add_option("--out", options->out, "the folder that holds the runs")->required();
            app.add_option("--jobs", options->jobs, "runs at once (as many as there are cores)")
                ->check(CLI::Range(1, 4096));
            app.add_flag("--resume", options->resume, "go on where a sweep into the folder ended");
            app.add_option("--csv", options->csv,
                           "write the table here (DIR/sweep.csv; - for stdout)");
            app.add_option("--dask", options->dask,
                           "run on the workers of this Dask scheduler: tcp://HOST:8786");
            return [options] { return sweep(*options); };
          }};
}

}  // namespace lbsim::cli
