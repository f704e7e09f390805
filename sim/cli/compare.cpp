#include <fmt/core.h>

#include "cli/progress.hpp"
#include "cli/report_file.hpp"
#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/files.hpp"
#include "planning/compare_runs.hpp"
#include "planning/summary.hpp"
#include "report/report.hpp"

namespace lbsim::cli {
namespace {

struct CompareOptions {
  std::vector<std::string> scenarios;
  RunOptions run;
  int replications = 0;  // 0: as many as it takes
  std::string precision;
  std::string json;
  std::string report;
};

// One of the first replication's, which a report shows.
planning::ChildRun shown_run(const std::string& file, RunOptions options, std::uint64_t seed) {
  options.timeline = true;
  return report::with_page(child_run(file, options, seed));
}

planning::CompareRuns request_of(const CompareOptions& options) {
  planning::CompareRuns request;
  request.replications = options.replications;
  if (!options.precision.empty()) request.goals = planning::parse_precision(options.precision);
  std::vector<std::uint64_t> seeds;
  const auto run = std::make_shared<RunOptions>(options.run);
  for (const std::string& file : options.scenarios) {
    const PreparedRun prepared = prepare(file, *run);  // all mistakes are found here
    run->read_log = prepared.read_log;
    seeds.push_back(prepared.plan.site.seed);
    const bool shown = !options.report.empty();
    request.scenarios.push_back([run, file, shown, first = seeds.front()](std::uint64_t seed) {
      return shown && seed == first ? shown_run(file, *run, seed) : child_run(file, *run, seed);
    });
  }
  request.first_seed = seeds.front();
  request.stops = was_interrupted;
  return request;
}

int compare(const CompareOptions& options) {
  require_writable(options.json, "--json");
  require_writable(options.report, "--report");
  planning::CompareRuns request = request_of(options);
  const auto& goals = request.goals;
  ProgressLine line(options.run.progress, "compare");
  request.progress = [&](double done, std::size_t all) { line.update_runs(done, all); };
  const Comparison comparison = planning::compare_runs(request);
  line.clear();
  if (!options.json.empty()) {
    write_file(options.json, comparison.json(was_interrupted(), goals), "--json");
  }
  if (!options.report.empty()) {
    write_report(options.report, comparison.pages(), comparison.difference_json());
  }
  if (options.json != "-") fmt::print("{}", comparison.text(goals));
  if (was_interrupted()) {
    fmt::print(stderr, "interrupted: some runs are partial or missing\n");
    return kInterrupted;
  }
  return planning::are_reached(comparison.precision(goals)) ? kHolds : kAnswerIsNo;
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
        app.add_option("--report", options->report, "write an HTML page with charts here");
        return [options] { return compare(*options); };
      }};
}

}  // namespace lbsim::cli
