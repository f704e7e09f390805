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
};

struct LadderCell {
  std::int64_t page_views = 0;
  std::string topology;  // name of the scenario
  PointFinding finding;
  PointCost cost;
  bool cheapest = false;  // of those that hold at this volume, by price and kCostYears of rent
};

struct Ladder {
  std::vector<LadderCell> cells;  // volume by volume, in each scenario by scenario
  double chance = 0.05;           // that any cell is wrong, at most
  std::vector<std::string> stretches;
};

// "3M,30M". Throws InputError that names `flag`.
std::vector<std::int64_t> parse_volumes(const std::string& text, const std::string& flag = "--pv");

// Each site as its scenario has it, only with more users. Throws InputError before any run, and
// PlanStopped.
Ladder make_ladder(const LadderRequest& request);

std::string ladder_text(const LadderRequest& request, const Ladder& ladder);
// {"schema", ..., "rows": [{"pv", "topology", "holds", "breaks_by", "cost", ...}]}
std::string ladder_json(const LadderRequest& request, const Ladder& ladder);

}  // namespace lbsim::planning
