// How near lbsim comes to recorded runs, and whether that is near enough (tests/data/e2e/SCHEMA.md,
// "How to compare"):
//  1. picks along the recorded order: identical, where the recording determines them;
//  2. latencies on the recorded picks: within 0.5 %;
//  3. the free run: methods that look at no load within 0.5 %, and with identical picks up to the
//     first fault. The others, and all where requests wait at the balancer, within the larger of
//     three standard deviations over free runs whose requests come a little sooner or later, and of
//     the spread of the repetitions given; without repetitions 1, 3, 4 and 6 %, twice that for
//     bursty arrivals. nginx's random methods of an unknown seed: the mean over 30 seeds.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "validation/latencies.hpp"
#include "validation/ordered_picks.hpp"
#include "validation/recorded_run.hpp"

namespace lbsim::validation {

struct LatencyVerdict {
  Latencies simulated;
  Quantities error_percent{};
  Quantities tolerance_percent{};
  bool holds = false;  // all four, and as many requests were answered, within the mean's tolerance
};

struct RunVerdict {
  std::string file;
  std::string name;
  std::string balancer;
  std::string algorithm;
  std::size_t requests = 0;
  Latencies recorded;
  std::optional<OrderedPicks> picks;  // none: the recording does not determine them
  LatencyVerdict on_recorded_picks;
  LatencyVerdict free_run;
  EqualPicks free_picks;          // before the first fault
  bool free_picks_count = false;  // they have to be equal
  std::size_t seeds = 0;          // over which the free run is a mean; 0: one run

  bool picks_hold() const;
  bool pass() const { return picks_hold() && on_recorded_picks.holds && free_run.holds; }
};

// So many runs have been judged; `run` has just begun. False: no more is wanted.
using Watch = std::function<bool(std::size_t done, const RecordedRun& run)>;

// In the order of `runs`. Repetitions of one plan among them make its tolerance. Fewer if `watch`,
// which may be empty, wanted no more.
std::vector<RunVerdict> judge(const std::vector<RecordedRun>& runs, const Watch& watch = {});

// A table with a line for each run, and one line on all; and the same as JSON.
std::string verdict_text(const std::vector<RunVerdict>& verdicts);
std::string verdict_json(const std::vector<RunVerdict>& verdicts, bool partial = false);

}  // namespace lbsim::validation
