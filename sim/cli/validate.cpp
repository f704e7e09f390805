#include <fmt/core.h>

#include "cli/verbs.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "validation/keepalived_verdict.hpp"
#include "validation/verdict.hpp"

namespace lbsim::cli {
namespace {

struct Recorded {
  std::vector<validation::RecordedRun> runs;
  std::vector<validation::KeepalivedCase> keepalived;
};

// All files are read before any is judged, so that all mistakes are named at once.
Recorded read_files(const std::vector<std::string>& files) {
  Recorded recorded;
  std::vector<Diagnostic> mistakes;
  for (const std::string& file : files) {
    try {
      if (const auto cases = validation::read_keepalived(file)) {
        recorded.keepalived.insert(recorded.keepalived.end(), cases->begin(), cases->end());
      } else {
        recorded.runs.push_back(validation::read_run(file));
      }
    } catch (const InputError& error) {
      mistakes.insert(mistakes.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }
  if (!mistakes.empty()) throw InputError(std::move(mistakes));
  if (!recorded.runs.empty() && !recorded.keepalived.empty()) {
    throw InputError(Diagnostic{{},
                                0,
                                0,
                                "RUN",
                                "names runs and timings of keepalived",
                                "each kind has its own findings: call it once for each"});
  }
  return recorded;
}

template <class Verdict>
int report(const std::vector<Verdict>& verdicts, const std::string& text,
           const std::string& as_json, const std::string& json) {
  if (!json.empty()) write_file(json, as_json, "--json");
  if (json != "-") fmt::print("{}", text);
  for (const Verdict& verdict : verdicts) {
    if (!verdict.pass()) return kAnswerIsNo;
  }
  return kHolds;
}

int validate(const std::vector<std::string>& files, const std::string& json) {
  require_writable(json, "--json");
  const Recorded recorded = read_files(files);
  if (!recorded.keepalived.empty()) {
    const auto verdicts = validation::judge_keepalived(recorded.keepalived);
    return report(verdicts, validation::timings_text(verdicts), validation::timings_json(verdicts),
                  json);
  }
  const auto verdicts = validation::judge(recorded.runs);
  return report(verdicts, validation::verdict_text(verdicts), validation::verdict_json(verdicts),
                json);
}

}  // namespace

Verb validate_verb() {
  return {"validate", "replay recorded runs of real balancers through the same devices as run",
          [](CLI::App& app) {
            const auto files = std::make_shared<std::vector<std::string>>();
            const auto json = std::make_shared<std::string>();
            app.add_option("RUN", *files,
                           "recorded end-to-end runs, plain or gzip; repetitions of one plan give "
                           "the tolerance of its free runs; or timings of keepalived")
                ->required();
            app.add_option("--json", *json, "write the findings to this file (- for stdout)");
            return [files, json] { return validate(*files, *json); };
          }};
}

}  // namespace lbsim::cli
