#include "planning/compare_runs.hpp"

#include <algorithm>
#include <cmath>

namespace lbsim::planning {
namespace {

constexpr int kFirstLook = 5;           // replications before the precision is looked at
constexpr double kUntilNextLook = 1.4;  // times as many
constexpr int kMostForPrecision = 100;  // unless the request says otherwise

int most(const CompareRuns& request) {
  if (request.replications > 0) return request.replications;
  return request.goals.empty() ? 1 : kMostForPrecision;
}

bool is_stopped(const CompareRuns& request) { return request.stops && request.stops(); }

// Replications [from, to): in each all scenarios on the same seed.
void run_replications(const CompareRuns& request, int from, int to, Comparison& comparison) {
  std::vector<ChildRun> runs;
  for (int replication = from; replication < to; ++replication) {
    for (const auto& scenario : request.scenarios) {
      runs.push_back(scenario(request.first_seed + static_cast<std::uint64_t>(replication)));
    }
  }
  ChildRunsOptions options;
  options.stops = request.stops;
  options.progress = [&](double done) {
    if (request.progress) request.progress(done, runs.size());
  };
  auto reports = run_in_children(runs, options);
  for (std::size_t i = 0; i < reports.size() && reports[i]; ++i) {
    // What was cut short may be shown, but tells nothing of the differences.
    if (reports[i]->partial && (from > 0 || i >= request.scenarios.size())) break;
    comparison.add(i % request.scenarios.size(), std::move(*reports[i]));
  }
}

void run_until_precise(const CompareRuns& request, Comparison& comparison) {
  PrecisionLooks looks(most(request));
  int done = 0;
  do {
    run_replications(request, done, looks.next(), comparison);
    done = looks.next();
  } while (!is_stopped(request) &&
           !looks.is_enough(are_reached(comparison.precision(request.goals))));
}

}  // namespace

bool are_reached(const std::vector<ComparedPrecision>& found) {
  return std::all_of(found.begin(), found.end(), [](const auto& p) { return p.reached; });
}

PrecisionLooks::PrecisionLooks(int most) : most_(most), next_(std::min(kFirstLook, most)) {}

bool PrecisionLooks::is_enough(bool met) {
  if ((met && met_before_) || next_ == most_) return true;
  met_before_ = met;
  next_ = std::min(most_, static_cast<int>(std::ceil(next_ * kUntilNextLook)));
  return false;
}

Comparison compare_runs(const CompareRuns& request) {
  Comparison comparison(request.first_seed);
  if (request.goals.empty()) {
    run_replications(request, 0, most(request), comparison);
  } else {
    run_until_precise(request, comparison);
  }
  return comparison;
}

}  // namespace lbsim::planning
