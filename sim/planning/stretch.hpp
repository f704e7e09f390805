// The parts of the day in which a site is put to the test instead of the whole day.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "planning/slo.hpp"
#include "scenario/site_reader.hpp"
#include "site/run.hpp"

namespace lbsim::planning {

// Simulated from `window.start_s`; what is asked for in the first `warm_up_s` does not count. A
// warm-up before midnight is that of the day before: the stretch is `days_s` later then, and so are
// the faults.
struct Stretch {
  Window window;
  double warm_up_s = 0;
  double days_s = 0;
  std::string text;  // for people: "the busiest minute, 21:00-21:01"
};

// What must be outlived: the crash of a node at a time of the day, or in the busiest minute.
struct Crash {
  std::string node;
  bool at_peak = true;
  double at_s = 0;
};

// "vip.1@peak", "servers.3@20:30". Throws InputError.
Crash parse_crash(const std::string& text, const std::string& flag);
// Adds the crashes to the site's faults. Throws InputError that names `flag` if there is no such
// node.
void add_crashes(scenario::LoadedScenario& loaded, const std::vector<Crash>& crashes,
                 const std::string& flag);

// Where an SLO over windows of `slo_window` (0: the whole run) is hardest to keep: the busiest
// minute of the scenario's window, and the `slo_window` from each fault on that lies in it. Sums
// over a minute at the highest rate stand for windows of that rate (excess_of). Where a minute has
// fewer than kSampleRequests it is longer, as long as that rate lasts. With 0 it is the scenario's
// whole window. Each after a warm-up that outlasts the idle connections of clients.
inline constexpr double kSampleRequests = 100'000;
std::vector<Stretch> stretches_of(const scenario::LoadedScenario& loaded, Duration slo_window);

// A run of it. What failed before it has failed when it begins. `loaded` outlives the plan.
RunPlan stretch_plan(const std::shared_ptr<const scenario::LoadedScenario>& loaded,
                     const Stretch& stretch, std::uint64_t seed, KernelKind kernel);

}  // namespace lbsim::planning
