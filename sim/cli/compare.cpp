#include "planning/compare.hpp"

#include <fmt/core.h>

#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/files.hpp"
#include "planning/child_runs.hpp"
#include "planning/summary.hpp"

namespace lbsim::cli {
namespace {

struct CompareOptions {
  std::vector<std::string> scenarios;
  RunOptions run;
  int replications = 1;
  std::string json;
};

// Replication by replication, in each all scenarios on the same seed.
std::vector<planning::ChildRun> runs_of(const CompareOptions& options) {
  std::vector<std::uint64_t> seeds;
  for (const std::string& file : options.scenarios) {
    seeds.push_back(prepare(file, options.run).plan.site.seed);
  }
  std::vector<planning::ChildRun> runs;
  for (int replication = 0; replication < options.replications; ++replication) {
    for (std::size_t i = 0; i < options.scenarios.size(); ++i) {
      runs.push_back(child_run(options.scenarios[i], options.run,
                               seeds[i] + static_cast<std::uint64_t>(replication)));
    }
  }
  return runs;
}

int compare(const CompareOptions& options) {
  require_writable(options.json, "--json");
  const std::vector<planning::ChildRun> runs = runs_of(options);
  ProgressLine line(options.run.progress, "compare");
  auto reports = planning::run_in_children(
      runs, {.jobs = 0, .stops = was_interrupted, .ended = {}, .progress = [&](double done) {
               line.update_runs(done, runs.size());
             }});
  line.clear();
  Comparison comparison;
  for (std::size_t i = 0; i < reports.size() && reports[i]; ++i) {
    // What was cut short may be shown, but tells nothing of the differences.
    if (reports[i]->partial && i >= options.scenarios.size()) break;
    comparison.add(i % options.scenarios.size(), std::move(*reports[i]));
  }
  if (!options.json.empty()) write_file(options.json, comparison.json(was_interrupted()), "--json");
  if (options.json != "-") fmt::print("{}", comparison.text());
  if (!was_interrupted()) return kHolds;
  fmt::print(stderr, "interrupted: some runs are partial or missing\n");
  return kInterrupted;
}

}  // namespace

Verb compare_verb() {
  return {"compare", "several scenarios side by side, on the same arrivals", [](CLI::App& app) {
            const auto options = std::make_shared<CompareOptions>();
            app.add_option("SCENARIO", options->scenarios, "scenario files (TOML)")->required();
            options->run.declare(app);
            app.add_option("--replications", options->replications,
                           "runs of each, with seeds of their own")
                ->check(CLI::Range(1, 10000));
            app.add_option("--json", options->json, "write the results here (- for stdout)");
            return [options] { return compare(*options); };
          }};
}

}  // namespace lbsim::cli
