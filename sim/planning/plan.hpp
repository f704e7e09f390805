// The fewest machines, or the cheapest of several sites, that keep an SLO: with the evidence.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "planning/grid.hpp"
#include "planning/point_test.hpp"
#include "planning/prepared_run.hpp"

namespace lbsim::planning {

// Reads a scenario with further settings, "field=value". Throws InputError with all mistakes.
using SiteReader =
    std::function<scenario::LoadedScenario(const std::vector<std::string>& settings)>;
SiteReader site_reader(const std::string& file);
SiteReader site_reader(const scenario::Document& document);

struct PlanRequest {
  std::vector<SiteReader> scenarios;
  std::vector<std::string> settings;  // of all, "field=value"
  std::optional<std::uint64_t> seed;
  Slo slo;
  Duration slo_window = kSloWindow;
  std::vector<IntegerKnob> over;  // at most two
  std::vector<Crash> survive;
  KernelKind kernel = KernelKind::native;
  ChildRunsOptions runs;
  // Told before a point is tested: "proxies.count=5". May be empty.
  std::function<void(const std::string& point)> testing;
  // Told a few times a second: so many points have been tested, parts included, of about so many.
  // May be empty.
  std::function<void(double done, double about)> progress;
};

// What people write of a plan; errors name the flags of the command line.
struct PlanTexts {
  std::string slo;
  std::string slo_window;
  std::vector<std::string> over;     // "proxies.count=2..32"
  std::vector<std::string> survive;  // "vip.1@peak"
};

// The plan that is asked for, still without scenarios; of `run` only the settings, the page views,
// the window, the seed and the kernel count. Throws InputError.
PlanRequest plan_request(const RunRequest& run, const PlanTexts& texts);

// The rent of how many years counts beside the price.
inline constexpr double kCostYears = 3;

struct PointCost {
  double capex_cny = 0;
  double opex_cny_per_year = 0;
  std::int64_t machines = 0;
  double cny() const { return capex_cny + kCostYears * opex_cny_per_year; }
};
PointCost cost_of_point(const scenario::LoadedScenario& loaded);

struct Evidence {
  std::size_t search = 0;             // index of its scenario
  std::string scenario;               // its name
  std::vector<long> values;           // of the knobs
  std::vector<std::string> settings;  // of the knobs, "field=value"
  PointFinding finding;
  PointCost cost;
};

// How far the search in one scenario came.
struct ScenarioSearch {
  std::string scenario;
  bool is_begun = false;
  bool is_over = false;
  std::vector<std::string> testing;  // the point that was under test when it was interrupted
};

struct Plan {
  bool partial = false;                  // interrupted: `evidence` is what was found until then
  std::vector<ScenarioSearch> searches;  // one for each scenario
  std::optional<std::size_t> answer;     // index into `evidence`; none of a partial plan
  std::vector<Evidence> evidence;        // of all points tested, in the order of the tests
  bool priced = false;                   // else machines are counted: a candidate has no price
  std::vector<std::string> stretches;    // what was simulated, for people
  double warm_up_s = 0;
  // Probability that any of the answers in `evidence` is wrong, at most.
  double chance = 0;
};

// What is known of a scenario while its search is not over.
struct SoFar {
  std::optional<std::size_t> holds;   // index into `evidence`: the cheapest that holds
  std::optional<std::size_t> breaks;  // with one knob: the most of it that breaks
};
SoFar so_far(const Plan& plan, std::size_t search);
// "proxies.count between 36 and 48: 36 breaks, 48 holds"
std::string so_far_text(const PlanRequest& request, const Plan& plan, std::size_t search);

// Partial if `request.runs.stops` said so. Throws InputError, before any run, if a scenario cannot
// be read, a knob is no field of it or may not have a value of its range, or a node is not there.
Plan make_plan(const PlanRequest& request);

std::string plan_text(const PlanRequest& request, const Plan& plan);
// {"schema", "partial", "answer": {"scenario", "settings", "cost"} or null, "holds", "slo", ...,
// "evidence": [{"scenario", "settings", "slo", "holds", ...}]}; if partial "so_far", too.
std::string plan_json(const PlanRequest& request, const Plan& plan);

}  // namespace lbsim::planning
