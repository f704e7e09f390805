#include <fmt/core.h>

#include "cli/progress.hpp"
#include "cli/run_options.hpp"
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

struct ValidateOptions {
  std::vector<std::string> files;
  std::string json;
  std::string progress = "auto";
};

int validate(const ValidateOptions& options) {
  require_writable(options.json, "--json");
  const Recorded recorded = read_files(options.files);
  if (!recorded.keepalived.empty()) {
    const auto verdicts = validation::judge_keepalived(recorded.keepalived);
    return report(verdicts, validation::timings_text(verdicts), validation::timings_json(verdicts),
                  options.json);
  }
  const auto& runs = recorded.runs;
  ProgressLine line(options.progress, "validate");
  const auto verdicts =
      validation::judge(runs, [&](std::size_t done, const validation::RecordedRun& run) {
        line.update(done, runs.size(), run.name);
        return !was_interrupted();
      });
  line.clear();
  const bool partial = verdicts.size() < runs.size();
  const int answer = report(verdicts, validation::verdict_text(verdicts),
                            validation::verdict_json(verdicts, partial), options.json);
  if (!partial) return answer;
  fmt::print(stderr, "interrupted: only {} of {} runs are there\n", verdicts.size(), runs.size());
  return kInterrupted;
}

}  // namespace

Verb validate_verb() {
  return {"validate", "replay recorded runs of real balancers through the same devices as run",
          [](CLI::App& app) {
            const auto options = std::make_shared<ValidateOptions>();
            app.add_option("RUN", options->files,
                           "recorded end-to-end runs, plain or gzip; repetitions of one plan give "
                           "the tolerance of its free runs; or timings of keepalived")
                ->required();
            app.add_option("--json", options->json,
                           "write the findings to this file (- for stdout)");
            app.add_option("--progress", options->progress, "auto (on a terminal), always or never")
                ->check(CLI::IsMember({"auto", "always", "never"}));
            return [options] { return validate(*options); };
          }};
}

}  // namespace lbsim::cli
