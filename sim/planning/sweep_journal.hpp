// A sweep on disk. The folder holds grid.json, which says what is swept, and for each run that is
// done its `run --json`, runs/000017.json. Each file is written whole or not at all, so the folder
// is right whenever the program is killed, and what is in it need not be run again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planning/grid.hpp"

namespace lbsim::planning {

// One run of a sweep: a point of the grid and a replication.
struct SweepRun {
  std::vector<std::string> settings;
  int replication = 0;
  std::uint64_t seed = 0;
  std::string sha256;  // of the effective scenario
};

struct SweepGrid {
  std::string scenario;  // its name
  std::vector<Knob> knobs;
  int replications = 1;
  // What decides results besides the scenarios: kernel, duration, log, version, as name and value.
  std::vector<std::pair<std::string, std::string>> conditions;
  std::vector<SweepRun> runs;
};

class SweepJournal {
 public:
  // Makes the folder or, with `resume`, goes on with one that is of the same grid. Throws
  // InputError if it is there without `resume`, holds another grid, holds something else, or
  // another lbsim works on it. Nothing has been written then.
  SweepJournal(std::string folder, SweepGrid grid, bool resume);
  ~SweepJournal();
  SweepJournal(const SweepJournal&) = delete;
  SweepJournal& operator=(const SweepJournal&) = delete;

  // Removes the folder if this object made it and no run is in it: the input was wrong after all.
  void discard_if_new();

  bool has(std::size_t run) const { return done_[run]; }
  std::size_t done_count() const;
  // Puts what `run --json` writes on disk, at once. Throws InputError if it is of another scenario
  // or seed than the grid has here: somebody has changed the file.
  void add(std::size_t run, const std::string& json);

  // A row for each run that is done, in the order of the grid: settings, replication, seed,
  // metrics.
  std::string csv() const;

 private:
  void lock();
  std::string path_of(std::size_t run) const;
  void check(std::size_t run, const std::string& json) const;
  void find_runs();

  std::string folder_;
  SweepGrid grid_;
  std::vector<bool> done_;
  bool made_ = false;
  int lock_fd_ = -1;
};

}  // namespace lbsim::planning
