// The ladder: which topology keeps an SLO at which volume, what breaks the others, and at what
// cost.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "planning/plan.hpp"

namespace lbsim::planning {

struct LadderRequest {
  std::vector<SiteReader> scenarios;
  std::vector<std::int64_t> page_views;
  std::vector<std::string> settings;  // of all, "field=value"
  Slo slo;
  Duration slo_window = kSloWindow;
  ChildRunsOptions runs;
  std::function<void(std::size_t cell, std::size_t all)> testing;  // may be empty
  // Told a few times a second: so many cells are done, parts included. May be empty.
  std::function<void(double done)> progress;
};

struct LadderCell {
  std::int64_t page_views = 0;
  std::string topology;  // name of the scenario
  PointFinding finding;
  PointCost cost;
  // Of those that hold at this volume, by price and kCostYears of rent; known once the row is
  // whole.
  bool cheapest = false;
};

struct Ladder {
  bool partial = false;                 // interrupted: the last cells were not run
  std::vector<std::string> topologies;  // names of the scenarios
  std::vector<LadderCell> cells;        // volume by volume, in each scenario by scenario
  double chance = 0.05;                 // that any cell is wrong, at most
  std::vector<std::string> stretches;
};

// "3M,30M". Throws InputError that names `flag`.
std::vector<std::int64_t> parse_volumes(const std::string& text, const std::string& flag = "--pv");

// Each site as its scenario has it, only with more users. Partial if `request.runs.stops` said so.
// Throws InputError before any run.
Ladder make_ladder(const LadderRequest& request);

std::string ladder_text(const LadderRequest& request, const Ladder& ladder);
// {"schema", "partial", ..., "rows": [{"pv", "topology", "holds", "breaks_by", "cost", ...}]}; if
// partial "not_run": [{"pv", "topology"}], too.
std::string ladder_json(const LadderRequest& request, const Ladder& ladder);

}  // namespace lbsim::planning
