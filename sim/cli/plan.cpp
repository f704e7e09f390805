#include "planning/plan.hpp"

#include <fmt/core.h>

#include "cli/plugins.hpp"
#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/files.hpp"

namespace lbsim::cli {
namespace {

struct PlanOptions {
  std::vector<std::string> scenarios;
  RunOptions site;
  planning::PlanTexts texts{.slo = {}, .slo_window = "5m", .over = {}, .survive = {}};
  std::size_t jobs = 0;
  std::string json;
};

int plan(const PlanOptions& options) {
  require_writable(options.json, "--json");
  planning::PlanRequest request = planning::plan_request(options.site, options.texts);
  for (const std::string& file : options.scenarios) {
    request.scenarios.push_back(planning::site_reader(file));
  }
  ProgressLine line(options.site.progress, "plan");
  std::string point;
  request.testing = [&](const std::string& text) { point = text; };
  request.runs = {.jobs = options.jobs, .stops = was_interrupted, .ended = {}, .progress = {}};
  request.progress = [&](double done, double about) { line.update_points(done, about, point); };
  const planning::Plan plan = planning::make_plan(request);
  line.clear();
  if (!options.json.empty()) write_file(options.json, plan_json(request, plan), "--json");
  if (options.json != "-") fmt::print("{}", plan_text(request, plan));
  if (plan.partial) {
    fmt::print(stderr, "interrupted: the search is not over, and its results are partial\n");
    return kInterrupted;
  }
  return plan.answer ? kHolds : kAnswerIsNo;
}

}  // namespace

Verb plan_verb() {
  return {"plan", "the fewest machines, or the cheapest site, that keep an SLO", [](CLI::App& app) {
            const auto options = std::make_shared<PlanOptions>();
            app.add_option("SCENARIO", options->scenarios,
                           "scenario files; of several, the cheapest")
                ->required();
            app.add_option("--slo", options->texts.slo,
                           "what users are promised: \"p99<=300ms,errors<=0.1%\"")
                ->required();
            app.add_option("--slo-window", options->texts.slo_window,
                           "it holds in every window of this length (5m), or day: over all");
            app.add_option("--over", options->texts.over,
                           "a field and its range: --over proxies.count=2..32; at most two")
                ->allow_extra_args(false);
            app.add_option("--survive", options->texts.survive,
                           "a node that loses power: --survive vip.1@peak, or @HH:MM")
                ->allow_extra_args(false);
            options->site.declare_site(app);
            app.add_option("--jobs", options->jobs, "runs at once (as many as there are cores)")
                ->check(CLI::Range(1, 4096));
            app.add_option("--json", options->json, "write the answer here (- for stdout)");
            return [options] { return plan(*options); };
          }};
}

}  // namespace lbsim::cli
