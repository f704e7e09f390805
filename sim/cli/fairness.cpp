#include <fmt/core.h>
#include <unistd.h>

#include <filesystem>

#include "cli/junit.hpp"
#include "cli/plugins.hpp"
#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "fairness/report.hpp"

namespace lbsim::cli {
namespace {

using namespace fairness;

struct Options {
  std::vector<std::string> algorithms;
  std::string baseline;
  bool update = false;
  double alpha = 0.001;
  std::uint64_t seed = 0;
  bool has_seed = false;
  std::string junit;
  std::string json;
};

[[noreturn]] void reject(const std::string& flag, const std::string& message,
                         const std::string& hint) {
  throw InputError(Diagnostic{{}, 0, 0, flag, message, hint});
}

void check(const Options& options) {
  if (!(options.alpha > 0 && options.alpha < 1)) {
    reject("--alpha", fmt::format("{:g} is not between 0 and 1", options.alpha),
           "the probability of a false alarm: 0.001");
  }
  if (options.update && options.baseline.empty()) {
    reject("--update", "there is no baseline to update", "name it: --baseline FILE --update");
  }
  if (options.update && !(options.junit.empty() && options.json.empty())) {
    reject("--update", "compares nothing, so there are no results for --json and --junit",
           "update first, then compare");
  }
  require_writable(options.junit, "--junit");
  require_writable(options.json, "--json");
  if (options.update) require_writable(options.baseline, "--baseline");
}

// Small enough to be typed.
std::uint64_t fresh_seed() {
  std::uint32_t seed = 0;
  if (getentropy(&seed, sizeof seed) != 0)
    reject("--seed", "the system gives no random number", "give one: --seed 1");
  return seed;
}

// The part of the baseline that is of the algorithms asked for.
Measurements part_of(const Measurements& baseline, const std::vector<Subject>& subjects) {
  Measurements part;
  for (const Subject& subject : subjects) {
    const auto found = baseline.find(subject.name);
    if (found != baseline.end()) part.insert(*found);
  }
  return part;
}

// With progress on a terminal. Throws Stopped after Ctrl-C.
Measurements measured(const std::vector<Subject>& subjects, const Effort& effort,
                      std::uint64_t seed) {
  ProgressLine progress("auto", "fairness");
  std::size_t done = 0;
  Watch watch;
  watch.begins = [&](const Subject& subject, const Scenario& scenario) {
    progress.update(done, subjects.size(), subject.name + ' ' + scenario.pool);
  };
  watch.done = [&](const Subject&) { ++done; };
  watch.stops = was_interrupted;
  return measure_all(subjects, effort, seed, watch);
}

int update(const Options& options, const std::vector<Subject>& subjects) {
  Baseline baseline;
  if (std::filesystem::exists(options.baseline)) baseline = read_baseline(options.baseline);
  const Measurements before =
      options.algorithms.empty() ? baseline.measured : part_of(baseline.measured, subjects);
  baseline.seed = options.has_seed ? options.seed : 1;
  const Measurements after = measured(subjects, kBaselineEffort, baseline.seed);
  if (options.algorithms.empty()) baseline.measured.clear();
  for (const auto& [algorithm, pools] : after) baseline.measured[algorithm] = pools;
  write_file(options.baseline, baseline_text(baseline), "--baseline");
  fmt::print("{}wrote {} (seed {})\n", changes_text(before, after), options.baseline,
             baseline.seed);
  return kHolds;
}

std::string junit_text(const std::vector<Judged>& results) {
  Junit junit("lbsim fairness");
  for (std::size_t from = 0; from < results.size();) {
    const Judged& first = results[from];
    std::string findings;
    std::size_t to = from;
    for (; to < results.size() && results[to].algorithm == first.algorithm &&
           results[to].pool == first.pool;
         ++to) {
      if (!results[to].pass) findings += results[to].finding + '\n';
    }
    junit.add(first.algorithm + ' ' + first.pool, findings);
    from = to;
  }
  return junit.text();
}

int measure_and_compare(const Options& options, const std::vector<Subject>& subjects) {
  std::optional<Measurements> baseline;
  if (!options.baseline.empty()) {
    baseline = read_baseline(options.baseline).measured;
    if (!options.algorithms.empty()) baseline = part_of(*baseline, subjects);
  }
  const std::uint64_t seed = options.has_seed ? options.seed : fresh_seed();
  const bool to_people = options.json != "-" && options.junit != "-";
  if (to_people) fmt::print("seed {} (--seed {} repeats this run)\n", seed, seed);
  std::fflush(stdout);
  const Measurements found = measured(subjects, kCheckEffort, seed);
  fairness::Verdict verdict;
  if (baseline)
    verdict = compare(found, *baseline, options.alpha);
  else
    verdict.results = results_of(found);
  if (!options.json.empty()) {
    write_file(options.json, results_json(verdict.results, seed, options.alpha), "--json");
  }
  if (!options.junit.empty()) write_file(options.junit, junit_text(verdict.results), "--junit");
  if (to_people) {
    fmt::print("{}", table_text(found, baseline ? &verdict : nullptr));
    if (baseline) fmt::print("{}", findings_text(verdict, options.alpha));
  }
  return verdict.failed == 0 ? kHolds : kAnswerIsNo;
}

int fairness_of(const Options& options) {
  check(options);
  const std::vector<Subject> subjects = chosen_subjects(catalog_subjects(), options.algorithms);
  try {
    return options.update ? update(options, subjects) : measure_and_compare(options, subjects);
  } catch (const Stopped&) {
    fmt::print(stderr, "interrupted: nothing was compared, and no file was written\n");
    return kInterrupted;
  }
}

}  // namespace

Verb fairness_verb() {
  return {"fairness", "how fair the algorithms are, and whether that is as in a baseline",
          [](CLI::App& app) {
            const auto options = std::make_shared<Options>();
            app.add_option("ALGORITHM", options->algorithms,
                           "algorithms or families: nginx/least_conn, wlc, haproxy; none: all");
            app.add_option("--baseline", options->baseline, "compare with this file");
            app.add_flag("--update", options->update,
                         "measure the baseline anew and show what changed");
            app.add_option("--alpha", options->alpha,
                           "most probability of a false alarm of the whole run (0.001)");
            CLI::Option* seed = app.add_option("--seed", options->seed,
                                               "of what is drawn; else a fresh one (--update: 1)");
            seed->check(CLI::NonNegativeNumber);
            app.add_option("--junit", options->junit, "write the results here as JUnit XML");
            app.add_option("--json", options->json, "write the results here (- for stdout)");
            declare_plugins(app);
            return [options, seed] {
              options->has_seed = seed->count() > 0;
              return fairness_of(*options);
            };
          }};
}

}  // namespace lbsim::cli
