#include <fmt/core.h>

#include "cli/junit.hpp"
#include "cli/plugins.hpp"
#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "fairness/gate.hpp"

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
  check_alpha(options.alpha);
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

// With progress on a terminal; ended by Ctrl-C.
class Watching {
 public:
  explicit Watching(std::size_t subjects) : progress_("auto", "fairness"), subjects_(subjects) {
    watch.begins = [this](const Subject& subject, const Scenario& scenario) {
      progress_.update(done_, subjects_, subject.name + ' ' + scenario.pool);
    };
    watch.done = [this](const Subject&) { ++done_; };
    watch.stops = was_interrupted;
  }
  Watch watch;

 private:
  ProgressLine progress_;
  std::size_t subjects_;
  std::size_t done_ = 0;
};

int update(const Gate& gate, std::size_t subjects) {
  std::string changes;
  {
    const Watching watching(subjects);
    changes = renew_baseline(gate, watching.watch);
  }
  fmt::print("{}wrote {} (seed {})\n", changes, gate.baseline, gate.seed);
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

int measure_and_compare(const Options& options, const Gate& gate, std::size_t subjects) {
  const bool to_people = options.json != "-" && options.junit != "-";
  Passage passage;
  {
    Watching watching(subjects);
    // The seed is told before the work, so that an interrupted run can be repeated, but not before
    // the baseline has been read.
    watching.watch.begins = [&, told = !to_people, begins = watching.watch.begins](
                                const Subject& subject, const Scenario& scenario) mutable {
      if (!told) fmt::print("seed {} (--seed {} repeats this run)\n", gate.seed, gate.seed);
      if (!told) std::fflush(stdout);
      told = true;
      begins(subject, scenario);
    };
    passage = pass_gate(gate, watching.watch);
  }
  const fairness::Verdict& verdict = passage.verdict;
  if (!options.json.empty()) {
    write_file(options.json, results_json(verdict.results, gate.seed, gate.alpha), "--json");
  }
  if (!options.junit.empty()) write_file(options.junit, junit_text(verdict.results), "--junit");
  if (to_people) fmt::print("{}{}", passage.table(), passage.findings(gate.alpha));
  return verdict.failed == 0 ? kHolds : kAnswerIsNo;
}

int fairness_of(const Options& options) {
  check(options);
  const std::size_t subjects = chosen_subjects(catalog_subjects(), options.algorithms).size();
  Gate gate{options.algorithms, options.baseline, options.alpha, options.seed};
  if (!options.has_seed) gate.seed = options.update ? 1 : fresh_seed();
  try {
    return options.update ? update(gate, subjects) : measure_and_compare(options, gate, subjects);
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
