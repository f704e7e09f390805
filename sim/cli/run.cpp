#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>

#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/json_writer.hpp"
#include "metrics/result_csv.hpp"
#include "planning/precision.hpp"
#include "planning/summary.hpp"

namespace lbsim::cli {
namespace {

struct RunArguments {
  std::string scenario;
  RunOptions run;
  std::string json;
  std::string csv;
  std::string stats;
  std::string precision;
  bool quiet = false;
};

// Batches of a run whose load changes would tell of the change, not of chance.
void require_steady(const PreparedRun& prepared) {
  if (prepared.unsteady.empty()) return;
  throw InputError(
      Diagnostic{.file = {},
                 .field = "--precision",
                 .message = prepared.unsteady + ", so one run has no steady state to measure",
                 .hint = "simulate an hour without, such as --window busiest-hour, or let "
                         "`lbsim compare SCENARIO --precision ...` repeat the whole window"});
}

RunResult run_until_precise(PreparedRun& prepared, const RunArguments& options,
                            const std::vector<planning::PrecisionGoal>& goals) {
  planning::PrecisionWatch watch(goals, prepared.plan.window.length_s,
                                 planning::batch_min_s_of(prepared.plan.site.workload));
  prepared.plan.observe = [&](Time now, const Recorder& recorder) {
    return watch.observe(now, recorder);
  };
  RunResult result = run_prepared(prepared, options.run, prepared.plan.site.name);
  result.precision = watch.results();
  return result;
}

std::string stats_json(const RunResult& result) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  JsonWriter json;
  json.begin_object().field("wall_s", result.wall_s).field("cpu_s", result.cpu_s);
  json.field("events", result.events);
  json.field("requests_per_cpu_s",
             static_cast<double>(result.recorder.generated_count()) / std::max(result.cpu_s, 1e-9));
  json.field("peak_rss_bytes", static_cast<std::uint64_t>(usage.ru_maxrss) * 1024);
  json.field("requests_in_flight_max", result.requests_in_flight_max).end_object();
  return json.text();
}

int run(const RunArguments& options) {
  require_writable(options.json, "--json");
  require_writable(options.stats, "--stats");
  require_csv_folder(options.csv);
  PreparedRun prepared = prepare(options.scenario, options.run);
  std::vector<planning::PrecisionGoal> goals;
  if (!options.precision.empty()) {
    goals = planning::parse_precision(options.precision);
    require_steady(prepared);
  }
  const RunResult result = goals.empty()
                               ? run_prepared(prepared, options.run, prepared.plan.site.name)
                               : run_until_precise(prepared, options, goals);
  if (!options.json.empty()) write_file(options.json, to_json(result), "--json");
  if (!options.csv.empty()) write_csv(result, options.csv);
  if (!options.stats.empty()) write_file(options.stats, stats_json(result), "--stats");
  if (!options.quiet && options.json != "-") fmt::print("{}", summary_text(result));
  if (result.partial) {
    fmt::print(stderr, "interrupted: the results cover {:.0f} s and are marked as partial\n",
               result.simulated_s);
    return kInterrupted;
  }
  return is_precise(result) ? kHolds : kAnswerIsNo;
}

}  // namespace

Verb run_verb() {
  return {"run", "simulate a scenario once", [](CLI::App& app) {
            const auto options = std::make_shared<RunArguments>();
            app.add_option("SCENARIO", options->scenario, "scenario file (TOML)")->required();
            options->run.declare(app);
            app.add_option("--json", options->json, "write the results here (- for stdout)");
            app.add_option("--csv", options->csv, "write time series per node into this folder");
            app.add_option("--stats", options->stats, "write times, memory and speed here");
            app.add_option("--precision", options->precision,
                           "end when this is known so well: p99:2% or mean:1%,errors:0.05%; the 95 "
                           "% interval's half width, of errors in percent of all requests");
            app.footer("With --precision exit code 1 says that the window was too short to tell.");
            app.add_flag("--quiet", options->quiet, "no summary");
            return [options] { return run(*options); };
          }};
}

}  // namespace lbsim::cli
