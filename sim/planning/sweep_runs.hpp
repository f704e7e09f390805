// The runs of a sweep: found before any begins, done here in child processes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "planning/prepared_run.hpp"
#include "planning/sweep_journal.hpp"

namespace lbsim::planning {

struct SweepRequest {
  // The scenario, with what a request sets.
  std::function<PreparedRun(const RunRequest&)> prepare;
  std::function<ChildRun(const RunRequest&, std::uint64_t seed)> child;
  RunRequest run;  // of all points
  std::vector<std::string> vary;
  int replications = 1;
  std::string version;   // of lbsim: a sweep that another one began is not gone on with
  std::size_t jobs = 0;  // at once; 0: as many as there are cores

  // As those of CompareRuns.
  std::function<bool()> stops;
  std::function<void(double done, std::size_t all)> progress;
};

// The request of one point.
RunRequest request_at(const RunRequest& request, const std::vector<std::string>& settings);

// Reads the scenario at every point. Throws InputError with the mistakes of the first that has any,
// about `--vary FIELD` where it is one of that. A log that all points replay is read once, and kept
// in the request.
SweepGrid grid_of(SweepRequest& request);

// What is not in the journal yet.
std::vector<std::size_t> runs_to_do(const SweepGrid& grid, const SweepJournal& journal);

// Each run goes into the journal as it ends; those that `stops` cut short do not.
void sweep_in_children(const SweepRequest& request, const SweepGrid& grid,
                       const std::vector<std::size_t>& todo, SweepJournal& journal);

}  // namespace lbsim::planning
