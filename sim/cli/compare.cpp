#include "planning/compare.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/files.hpp"
#include "planning/child_runs.hpp"
#include "planning/summary.hpp"

namespace lbsim::cli {
namespace {

constexpr int kFirstLook = 5;           // replications before --precision is looked at
constexpr double kUntilNextLook = 1.4;  // times as many
constexpr int kMostForPrecision = 100;  // unless --replications says otherwise

struct CompareOptions {
  std::vector<std::string> scenarios;
  RunOptions run;
  int replications = 0;  // 0: as many as it takes
  std::string precision;
  std::string json;

  int most() const {
    if (replications > 0) return replications;
    return precision.empty() ? 1 : kMostForPrecision;
  }
};

// Of the first replication, shared by all scenarios: that of the first.
std::uint64_t first_seed(const CompareOptions& options) {
  std::vector<std::uint64_t> seeds;
  for (const std::string& file : options.scenarios) {
    seeds.push_back(prepare(file, options.run).plan.site.seed);  // all mistakes are found here
  }
  return seeds.front();
}

// Replications [from, to): in each all scenarios on the same seed.
void run_replications(const CompareOptions& options, std::uint64_t seed, int from, int to,
                      Comparison& comparison) {
  std::vector<planning::ChildRun> runs;
  for (int replication = from; replication < to; ++replication) {
    for (const std::string& file : options.scenarios) {
      runs.push_back(child_run(file, options.run, seed + static_cast<std::uint64_t>(replication)));
    }
  }
  ProgressLine line(options.run.progress, "compare");
  auto reports = planning::run_in_children(
      runs, {.jobs = 0, .stops = was_interrupted, .ended = {}, .progress = [&](double done) {
               line.update_runs(done, runs.size());
             }});
  line.clear();
  for (std::size_t i = 0; i < reports.size() && reports[i]; ++i) {
    // What was cut short may be shown, but tells nothing of the differences.
    if (reports[i]->partial && (from > 0 || i >= options.scenarios.size())) break;
    comparison.add(i % options.scenarios.size(), std::move(*reports[i]));
  }
}

bool are_reached(const std::vector<ComparedPrecision>& found) {
  return std::all_of(found.begin(), found.end(), [](const auto& p) { return p.reached; });
}

// Until two looks in a row say that the goals are met, or the most replications are made.
void run_until_precise(const CompareOptions& options, std::uint64_t seed,
                       const std::vector<planning::PrecisionGoal>& goals, Comparison& comparison) {
  bool met_before = false;
  for (int done = 0, next = std::min(kFirstLook, options.most()); done < next;) {
    run_replications(options, seed, done, next, comparison);
    if (was_interrupted()) return;
    const bool met = are_reached(comparison.precision(goals));
    if (met && met_before) return;
    met_before = met;
    done = next;
    next = std::min(options.most(), static_cast<int>(std::ceil(done * kUntilNextLook)));
  }
}

int compare(const CompareOptions& options) {
  require_writable(options.json, "--json");
  std::vector<planning::PrecisionGoal> goals;
  if (!options.precision.empty()) goals = planning::parse_precision(options.precision);
  const std::uint64_t seed = first_seed(options);
  Comparison comparison(seed);
  if (goals.empty()) {
    run_replications(options, seed, 0, options.most(), comparison);
  } else {
    run_until_precise(options, seed, goals, comparison);
  }
  if (!options.json.empty()) {
    write_file(options.json, comparison.json(was_interrupted(), goals), "--json");
  }
  if (options.json != "-") fmt::print("{}", comparison.text(goals));
  if (was_interrupted()) {
    fmt::print(stderr, "interrupted: some runs are partial or missing\n");
    return kInterrupted;
  }
  return are_reached(comparison.precision(goals)) ? kHolds : kAnswerIsNo;
}

}  // namespace

Verb compare_verb() {
  return {
      "compare", "several scenarios side by side, on the same arrivals", [](CLI::App& app) {
        const auto options = std::make_shared<CompareOptions>();
        app.add_option("SCENARIO", options->scenarios, "scenario files (TOML)")->required();
        options->run.declare(app);
        app.add_option("--replications", options->replications,
                       "runs of each, the k-th of all on one seed; with --precision the most (100)")
            ->check(CLI::Range(1, 10000));
        app.add_option("--precision", options->precision,
                       "replicate until this is known so well of every scenario and difference: "
                       "p99:2% or mean:1%,errors:0.05%");
        app.footer(
            "Which differences are real is decided so that the chance of any false one is at "
            "most 5 %.\nWith --precision exit code 1 says that the replications were too few to "
            "tell.");
        app.add_option("--json", options->json, "write the results here (- for stdout)");
        return [options] { return compare(*options); };
      }};
}

}  // namespace lbsim::cli
