#include <fmt/core.h>

#include "cli/dask.hpp"
#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "planning/sweep_journal.hpp"

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

// An error in a setting is one of --vary, and says so.
[[noreturn]] void throw_as_vary(const InputError& error, const std::vector<planning::Knob>& knobs) {
  std::vector<Diagnostic> all = error.diagnostics();
  for (Diagnostic& d : all) {
    for (const planning::Knob& knob : knobs) {
      if (d.file == "--set " + knob.field) d.file = "--vary " + knob.field;
    }
  }
  throw InputError(std::move(all));
}

RunOptions options_at(const SweepOptions& options, const std::vector<std::string>& settings) {
  RunOptions at = options.run;
  at.settings.insert(at.settings.end(), settings.begin(), settings.end());
  return at;
}

// Reads the scenario at every point, so that all mistakes are found before anything runs.
SweepGrid grid_of(const SweepOptions& options) {
  SweepGrid grid;
  std::vector<std::string> fields;
  for (const std::string& text : options.vary) {
    grid.knobs.push_back(planning::parse_knob(text, "--vary"));
    fields.push_back(grid.knobs.back().field);
  }
  planning::require_distinct(fields, "--vary");
  grid.replications = options.replications;
  for (const auto& settings : planning::grid_points(grid.knobs)) {
    try {
      const PreparedRun prepared = prepare(options.scenario, options_at(options, settings));
      if (grid.scenario.empty()) grid.scenario = prepared.plan.site.name;
      for (int r = 0; r < options.replications; ++r) {
        const std::uint64_t seed = prepared.plan.site.seed + static_cast<std::uint64_t>(r);
        grid.runs.push_back({settings, r, seed, prepared.sha256});
      }
    } catch (const InputError& error) {
      throw_as_vary(error, grid.knobs);
    }
  }
  grid.conditions = {{"kernel", options.run.kernel},
                     {"duration", options.run.duration},
                     {"log", options.run.log},
                     {"lbsim", LBSIM_VERSION}};
  return grid;
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

// What is not in the journal yet.
std::vector<std::size_t> runs_to_do(const SweepGrid& grid, const SweepJournal& journal) {
  std::vector<std::size_t> todo;
  for (std::size_t i = 0; i < grid.runs.size(); ++i) {
    if (!journal.has(i)) todo.push_back(i);
  }
  return todo;
}

void run_here(const SweepOptions& options, const SweepGrid& grid,
              const std::vector<std::size_t>& todo, SweepJournal& journal, ProgressLine& line) {
  std::vector<planning::ChildRun> runs;
  for (const std::size_t i : todo) {
    const SweepRun& run = grid.runs[i];
    runs.push_back(child_run(options.scenario, options_at(options, run.settings), run.seed));
  }
  const auto ended = [&](std::size_t i, const planning::RunReport& report) {
    if (!report.partial) journal.add(todo[i], report.json);
  };
  planning::run_in_children(
      runs, {.jobs = options.jobs,
             .stops = was_interrupted,
             .ended = ended,
             .progress = [&](double done) { line.update_runs(done, todo.size()); }});
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
  run_on_dask(options.dask, runs, ended, stops);
}

int sweep(const SweepOptions& options) {
  const std::string csv = options.csv.empty() ? options.out + "/sweep.csv" : options.csv;
  if (!options.csv.empty()) require_writable(csv, "--csv");
  const SweepGrid grid = grid_of(options);
  SweepJournal journal(options.out, grid, options.resume);
  const std::vector<std::size_t> todo = runs_to_do(grid, journal);
  const bool to_people = csv != "-";
  if (to_people && todo.size() < grid.runs.size()) {
    fmt::print("{} of {} runs were done before\n", journal.done_count(), grid.runs.size());
  }
  ProgressLine line(options.run.progress, "sweep");
  if (!todo.empty())
    (options.dask.empty() ? run_here : run_away)(options, grid, todo, journal, line);
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
