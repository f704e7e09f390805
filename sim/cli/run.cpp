#include <fmt/core.h>
#include <sys/resource.h>

#include "cli/report_file.hpp"
#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "core/json_writer.hpp"
#include "metrics/result_csv.hpp"
#include "planning/run_questions.hpp"
#include "planning/summary.hpp"
#include "report/report.hpp"

namespace lbsim::cli {
namespace {

struct RunArguments {
  std::string scenario;
  RunOptions run;
  std::string json;
  std::string csv;
  std::string stats;
  std::string report;
  std::string trace;
  planning::QuestionTexts questions;
  bool quiet = false;
};

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

int answer_of(const planning::RunQuestions& questions, const RunResult& result, bool to_people) {
  const planning::SloVerdict found = questions.verdict(result);
  if (to_people) fmt::print("{}.\n", planning::verdict_text(*questions.slo(), found, result));
  return found.holds ? kHolds : kAnswerIsNo;
}

int run(const RunArguments& options) {
  require_writable(options.json, "--json");
  require_writable(options.stats, "--stats");
  require_writable(options.report, "--report");
  require_writable(options.trace, "--trace");
  require_csv_folder(options.csv);
  const planning::RunQuestions questions(options.questions);
  PreparedRun prepared = prepare(options.scenario, options.run);
  prepared.plan.keep_trace = !options.trace.empty();
  prepared.plan.keep_timeline = !options.report.empty() || !options.csv.empty();
  questions.prepare(prepared);
  const RunResult result = questions.run(prepared, [&](const PreparedRun& asked) {
    return run_prepared(asked, options.run, asked.plan.site.name);
  });
  if (!options.json.empty()) write_file(options.json, to_json(result), "--json");
  if (!options.csv.empty()) write_csv(result, options.csv);
  if (!options.stats.empty()) write_file(options.stats, stats_json(result), "--stats");
  if (!options.trace.empty()) {
    write_file(options.trace, to_trace_json(*result.recorder.trace()), "--trace");
  }
  if (!options.report.empty()) {
    write_report(options.report, {report::run_json(result)});
  }
  const bool to_people = !options.quiet && options.json != "-";
  if (to_people) fmt::print("{}", summary_text(result));
  if (result.partial) {
    fmt::print(stderr, "interrupted: the results cover {:.0f} s and are marked as partial\n",
               result.simulated_s);
    return kInterrupted;
  }
  if (!is_precise(result)) return kAnswerIsNo;
  return questions.slo() ? answer_of(questions, result, to_people) : kHolds;
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
            app.add_option("--trace", options->trace,
                           "write the ways of up to 2,000 requests here, for Perfetto");
            app.add_option("--report", options->report, "write an HTML page with charts here");
            app.add_option("--slo", options->questions.slo,
                           "exit with 1 unless this holds in every window: "
                           "\"p99<=300ms,errors<=0.1%\"");
            app.add_option("--slo-window", options->questions.slo_window,
                           "those windows: 5m, or day for all");
            app.add_option("--precision", options->questions.precision,
                           "end when this is known so well: p99:2% or mean:1%,errors:0.05%; the 95 "
                           "% interval's half width, of errors in percent of all requests");
            app.footer("With --precision exit code 1 says that the window was too short to tell.");
            app.add_flag("--quiet", options->quiet, "no summary");
            return [options] { return run(*options); };
          }};
}

}  // namespace lbsim::cli
