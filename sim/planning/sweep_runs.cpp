#include "planning/sweep_runs.hpp"

#include "core/error.hpp"

namespace lbsim::planning {
namespace {

// An error in a setting is one of --vary, and says so.
[[noreturn]] void throw_as_vary(const InputError& error, const std::vector<Knob>& knobs) {
  std::vector<Diagnostic> all = error.diagnostics();
  for (Diagnostic& d : all) {
    for (const Knob& knob : knobs) {
      if (d.file == "--set " + knob.field) d.file = "--vary " + knob.field;
    }
  }
  throw InputError(std::move(all));
}

}  // namespace

RunRequest request_at(const RunRequest& request, const std::vector<std::string>& settings) {
  RunRequest at = request;
  at.settings.insert(at.settings.end(), settings.begin(), settings.end());
  return at;
}

SweepGrid grid_of(SweepRequest& request) {
  SweepGrid grid;
  std::vector<std::string> fields;
  for (const std::string& text : request.vary) {
    grid.knobs.push_back(parse_knob(text, "--vary"));
    fields.push_back(grid.knobs.back().field);
  }
  require_distinct(fields, "--vary");
  grid.replications = request.replications;
  for (const auto& settings : grid_points(grid.knobs)) {
    try {
      const PreparedRun prepared = request.prepare(request_at(request.run, settings));
      request.run.read_log = prepared.read_log;
      if (grid.scenario.empty()) grid.scenario = prepared.plan.site.name;
      for (int r = 0; r < request.replications; ++r) {
        const std::uint64_t seed = prepared.plan.site.seed + static_cast<std::uint64_t>(r);
        grid.runs.push_back({settings, r, seed, prepared.sha256});
      }
    } catch (const InputError& error) {
      throw_as_vary(error, grid.knobs);
    }
  }
  grid.conditions = {{"kernel", request.run.kernel},
                     {"duration", request.run.duration},
                     {"log", request.run.log},
                     {"lbsim", request.version}};
  return grid;
}

std::vector<std::size_t> runs_to_do(const SweepGrid& grid, const SweepJournal& journal) {
  std::vector<std::size_t> todo;
  for (std::size_t i = 0; i < grid.runs.size(); ++i) {
    if (!journal.has(i)) todo.push_back(i);
  }
  return todo;
}

void sweep_in_children(const SweepRequest& request, const SweepGrid& grid,
                       const std::vector<std::size_t>& todo, SweepJournal& journal) {
  std::vector<ChildRun> runs;
  for (const std::size_t i : todo) {
    const SweepRun& run = grid.runs[i];
    runs.push_back(request.child(request_at(request.run, run.settings), run.seed));
  }
  ChildRunsOptions options;
  options.jobs = request.jobs;
  options.stops = request.stops;
  options.ended = [&](std::size_t i, const RunReport& report) {
    if (!report.partial) journal.add(todo[i], report.json);
  };
  options.progress = [&](double done) {
    if (request.progress) request.progress(done, todo.size());
  };
  run_in_children(runs, options);
}

}  // namespace lbsim::planning
