#include <fmt/core.h>

#include <thread>

#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "conform/json_file.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "scenario/units.hpp"
#include "theory/run.hpp"

namespace lbsim::cli {
namespace {

struct TheoryOptions {
  std::string file;
  std::string requests = "1M";
  std::string json;
  bool strict = false;
  std::string progress = "auto";
};

double requests_of(const TheoryOptions& options) {
  const auto n = static_cast<double>(units::parse_count(options.requests).or_throw("--requests"));
  if (n >= 1000 && n <= 1e9) return n;
  throw InputError(Diagnostic{
      {}, 0, 0, "--requests", options.requests + " will not do", "a number from 1000 to 1B"});
}

int theory_verb_work(const TheoryOptions& options) {
  require_writable(options.json, "--json");
  theory::Effort effort;
  effort.requests = requests_of(options);
  const std::string text = conform::read_text_file(options.file);
  const theory::Table table = theory::parse_table(options.file, text);
  ProgressLine progress(options.progress, "theory");
  theory::RunOutcome outcome;
  try {
    outcome = theory::run_table(table, effort, std::max(1u, std::thread::hardware_concurrency()),
                                [&](std::size_t done, std::size_t all, const std::string& what) {
                                  progress.update(done, all, what);
                                  return !was_interrupted();
                                });
  } catch (const InputError& error) {
    throw theory::placed(error, options.file, text);
  }
  progress.clear();
  const theory::Report& report = outcome.report;
  if (!options.json.empty()) write_file(options.json, report_json(report), "--json");
  if (options.json != "-") fmt::print("{}", report_text(report));
  if (outcome.partial) {
    fmt::print(stderr, "interrupted: only {} of {} entries are there\n", report.entries,
               table.entries.size());
    return kInterrupted;
  }
  const bool complete = report.not_expressed.empty() || !options.strict;
  return report.all_pass() && complete ? kHolds : kAnswerIsNo;
}

}  // namespace

Verb theory_verb() {
  return {
      "theory", "simulate what theory knows exactly, and compare", [](CLI::App& app) {
        const auto options = std::make_shared<TheoryOptions>();
        app.add_option("FILE", options->file, "a table of results of theory (JSON)")->required();
        app.add_option("--requests", options->requests,
                       "so many in each simulation, after 50,000 that do not count; "
                       "tolerances widen with 1 / sqrt(N)");
        app.add_option("--json", options->json, "write the results here (- for stdout)");
        app.add_flag("--strict", options->strict, "what cannot be expressed counts as a failure");
        app.add_option("--progress", options->progress, "auto (on a terminal), always or never")
            ->check(CLI::IsMember({"auto", "always", "never"}));
        return [options] { return theory_verb_work(*options); };
      }};
}

}  // namespace lbsim::cli
