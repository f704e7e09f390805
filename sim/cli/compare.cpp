#include "planning/compare.hpp"

#include <fmt/core.h>

#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "planning/summary.hpp"

namespace lbsim::cli {
namespace {

struct CompareOptions {
  std::vector<std::string> scenarios;
  RunOptions run;
  int replications = 1;
  std::string json;
};

int compare(CompareOptions& options) {
  if (options.run.kernel == "simgrid") {
    throw InputError(
        Diagnostic{{},
                   0,
                   0,
                   "--kernel",
                   "SimGrid runs one simulation per process",
                   "compare with the native kernel, or `lbsim run` each with simgrid"});
  }
  require_writable(options.json, "--json");
  std::vector<PreparedRun> prepared;
  for (const std::string& file : options.scenarios) prepared.push_back(prepare(file, options.run));
  Comparison comparison;
  for (int replication = 0; replication < options.replications; ++replication) {
    for (std::size_t i = 0; i < prepared.size(); ++i) {
      if (replication > 0) {
        options.run.seed = prepared[i].plan.site.seed + 1;
        options.run.has_seed = true;
        prepared[i] = prepare(options.scenarios[i], options.run);
      }
      RunResult result = run_prepared(prepared[i], options.run, prepared[i].plan.site.name);
      // What was cut short may be shown, but tells nothing of the differences.
      if (!result.partial || replication == 0) comparison.add(i, std::move(result));
      if (was_interrupted()) break;
    }
    if (was_interrupted()) break;
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
            app.footer(
                "On the native kernel only: SimGrid runs one simulation per process, so "
                "compare refuses\n--kernel simgrid; `lbsim run` each scenario with it.");
            app.add_option("--replications", options->replications,
                           "runs of each, with seeds of their own")
                ->check(CLI::Range(1, 10000));
            app.add_option("--json", options->json, "write the results here (- for stdout)");
            return [options] { return compare(*options); };
          }};
}

}  // namespace lbsim::cli
