#include "cli/run_options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "cli/plugins.hpp"
#include "cli/progress.hpp"
#include "core/error.hpp"
#include "planning/summary.hpp"
#include "scenario/site_reader.hpp"
#include "workload/log_arrivals.hpp"

namespace lbsim::cli {
namespace {

std::string window_text(const scenario::LoadedScenario& loaded, const Window& window) {
  const double end_s = window.start_s + window.length_s;
  const double share = loaded.day_curve.integral(window.start_s, end_s) / 86400.0;
  const bool busiest = loaded.window_spec.kind == scenario::WindowSpec::Kind::busiest_hour;
  return fmt::format("{} page views a day; {}{}-{}, {:.1f} % of the day",
                     page_views_text(loaded.site.workload.page_views_per_day),
                     busiest ? "the busiest hour, " : "", clock_text(window.start_s),
                     clock_text(end_s), share * 100);
}

std::vector<std::string> effective_settings(const RunOptions& options) {
  std::vector<std::string> settings = options.settings;
  if (!options.page_views.empty()) settings.push_back("workload.page_views=" + options.page_views);
  if (!options.window.empty()) settings.push_back("workload.window=" + options.window);
  return settings;
}

// Cuts the window after --duration.
void shorten(const RunOptions& options, Window& window) {
  if (options.duration.empty()) return;
  const Duration wanted = units::parse_duration(options.duration).or_throw("--duration");
  if (wanted <= Duration{0}) {
    throw InputError(Diagnostic{{},
                                0,
                                0,
                                "--duration",
                                "nothing would be simulated",
                                "name a time above 0, such as \"10m\""});
  }
  window.length_s = std::min(window.length_s, to_seconds(wanted));
}

void use_log(const RunOptions& options, const scenario::LoadedScenario& loaded,
             PreparedRun& prepared) {
  const auto log = std::make_shared<LogArrivals>(options.log, loaded.site.seed);
  prepared.plan.window = {log->start_s(), to_seconds(log->span())};
  shorten(options, prepared.plan.window);
  prepared.window =
      fmt::format("replay of {}: {} requests over {:.0f} s", options.log,
                  count_text(static_cast<double>(log->requests())), to_seconds(log->span()));
  if (log->invalid_lines() > 0) {
    prepared.notes.push_back(
        fmt::format("{} lines of the log are malformed and were left out", log->invalid_lines()));
  }
  prepared.plan.arrivals = [log, window = prepared.plan.window] {
    return log->restarted(window.length_s);
  };
}

// CLI11's own check would name the largest double as the limit.
std::string refuse_seed(const std::string& text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error == std::errc{} && end == text.data() + text.size()) return {};
  return fmt::format("must be a whole number from 0 to {}, not {}",
                     std::numeric_limits<std::uint64_t>::max(), text);
}

}  // namespace

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  std::string text = fmt::format("{:02}:{:02}", s / 3600, s / 60 % 60);
  if (s % 60 != 0) text += fmt::format(":{:02}", s % 60);
  return text;
}

void RunOptions::declare(CLI::App& app) {
  declare_plugins(app, &plugins);
  app.add_option("--pv", page_views, "page views a day: 3M, 100M, 1.2B");
  app.add_option("--window", window, "what is simulated: busiest-hour, day or HH:MM-HH:MM");
  app.add_option("--duration", duration, "only so much of the window, from its start: 10m");
  app.add_option_function<std::uint64_t>(
         "--seed", [this](std::uint64_t n) { seed = n, has_seed = true; }, "of all random streams")
      ->check(CLI::Validator(refuse_seed, "UINT"));
  app.add_option("--kernel", kernel, "native (fast) or simgrid (reference)")
      ->check(CLI::IsMember({"native", "simgrid"}));
  app.add_option("--set", settings, "override a field of the scenario: --set vip.scheduler=wrr")
      ->allow_extra_args(false);
  app.add_option("--log", log, "replay this access log instead of the workload");
  app.add_option("--progress", progress, "auto (on a terminal), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

PreparedRun prepare(const std::string& scenario, const RunOptions& options) {
  const auto loaded = std::make_shared<scenario::LoadedScenario>(
      scenario::load_scenario(scenario, effective_settings(options)));
  PreparedRun prepared;
  prepared.scenario_text = loaded->text;
  prepared.sha256 = loaded->sha256;
  prepared.capex_cny = loaded->cost.capex_cny;
  prepared.opex_cny_per_year = loaded->cost.opex_cny_per_year;
  RunPlan& plan = prepared.plan;
  plan.kernel = options.kernel == "simgrid" ? KernelKind::simgrid : KernelKind::native;
  if (options.has_seed) loaded->site.seed = options.seed;
  plan.site = loaded->site;
  if (!options.log.empty()) {
    use_log(options, *loaded, prepared);
    return prepared;
  }
  plan.window = loaded->window;
  shorten(options, plan.window);
  prepared.window = window_text(*loaded, plan.window);
  plan.arrivals = [loaded, window = plan.window] {
    return std::make_unique<PageArrivals>(loaded->site.workload, loaded->day_curve, window,
                                          loaded->site.seed);
  };
  return prepared;
}

RunResult run_here(const PreparedRun& prepared,
                   const std::function<bool(const Progress&)>& progress) {
  RunPlan plan = prepared.plan;
  plan.progress = progress;
  RunResult result = run_site(plan);
  result.sha256 = prepared.sha256;
  result.window = prepared.window;
  result.capex_cny = prepared.capex_cny;
  result.opex_cny_per_year = prepared.opex_cny_per_year;
  result.notes.insert(result.notes.end(), prepared.notes.begin(), prepared.notes.end());
  return result;
}

planning::ChildRun child_run(const std::string& scenario, const RunOptions& options,
                             std::uint64_t seed) {
  RunOptions own = options;
  own.seed = seed;
  own.has_seed = true;
  // Read in the child: a replayed log is in memory while it runs, not before.
  return {fmt::format("{}, seed {}", scenario, seed),
          [scenario, own](const std::function<bool(const Progress&)>& progress) {
            return run_here(prepare(scenario, own), progress);
          }};
}

RunResult run_prepared(PreparedRun& prepared, const RunOptions& options, const std::string& title) {
  ProgressLine progress(options.progress, title);
  RunResult result = run_here(prepared, [&](const Progress& p) { return progress.update(p); });
  progress.clear();
  return result;
}

}  // namespace lbsim::cli
