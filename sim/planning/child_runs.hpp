// Independent runs, each in a process of its own: as many at once as there are cores, and SimGrid,
// which has one engine a process, can do them too.
//
// A child is a fork without exec of this process, which must have one thread: the scenario has been
// read, and nothing needs to be passed on. Its answer comes through a pipe, whole or not at all.
// Children die with their parent (PR_SET_PDEATHSIG).
#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "planning/run_report.hpp"
#include "site/run.hpp"

namespace lbsim::planning {

struct ChildRun {
  std::string title;  // "nginx, seed 3": what messages call it
  // Called in the child. What it is given must be asked as RunPlan::progress is.
  std::function<RunResult(const std::function<bool(const Progress&)>&)> run;
  // Called in the child, too: what else of the run is wanted, for RunReport::measured. May be
  // empty.
  std::function<std::vector<double>(const RunResult&)> measure = {};
};

struct ChildRunsOptions {
  std::size_t jobs = 0;  // at once, at most; 0: as many as there are cores
  // True ends all: runs under way come back partial, others not at all. May be empty.
  std::function<bool()> stops;
  // Each as soon as it ends, in the order of their ends. May be empty.
  std::function<void(std::size_t index, const RunReport&)> ended;
  // Called a few times a second with the number of runs that are done, parts of runs included.
  std::function<void(double done)> progress;
};

// A run's process was killed by somebody else, or for want of memory.
class RunKilled : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The reports in the order of `runs`; none for those that `stops` came before. If a run fails all
// are ended, and this throws: its InputError, Bug if it died of its own, RunKilled if of others.
std::vector<std::optional<RunReport>> run_in_children(const std::vector<ChildRun>& runs,
                                                      const ChildRunsOptions& options);

std::size_t cores_of_this_machine();

}  // namespace lbsim::planning
