#include <fmt/core.h>

#include "cli/verbs.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "validation/verdict.hpp"

namespace lbsim::cli {
namespace {

// All files are read before any is judged, so that all mistakes are named at once.
std::vector<validation::RecordedRun> read_runs(const std::vector<std::string>& files) {
  std::vector<validation::RecordedRun> runs;
  std::vector<Diagnostic> mistakes;
  for (const std::string& file : files) {
    try {
      runs.push_back(validation::read_run(file));
    } catch (const InputError& error) {
      mistakes.insert(mistakes.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }
  if (!mistakes.empty()) throw InputError(std::move(mistakes));
  return runs;
}

int validate(const std::vector<std::string>& files, const std::string& json) {
  require_writable(json, "--json");
  const auto verdicts = validation::judge(read_runs(files));
  if (!json.empty()) write_file(json, validation::verdict_json(verdicts), "--json");
  if (json != "-") fmt::print("{}", validation::verdict_text(verdicts));
  for (const validation::RunVerdict& verdict : verdicts) {
    if (!verdict.pass()) return kAnswerIsNo;
  }
  return kHolds;
}

}  // namespace

Verb validate_verb() {
  return {"validate", "replay recorded runs of real balancers through the same devices as run",
          [](CLI::App& app) {
            const auto files = std::make_shared<std::vector<std::string>>();
            const auto json = std::make_shared<std::string>();
            app.add_option("RUN", *files,
                           "recorded end-to-end runs, plain or gzip; repetitions of one plan give "
                           "the tolerance of its free runs")
                ->required();
            app.add_option("--json", *json, "write the findings to this file (- for stdout)");
            return [files, json] { return validate(*files, *json); };
          }};
}

}  // namespace lbsim::cli
