#include "planning/prepared_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.hpp"
#include "planning/summary.hpp"
#include "scenario/site_reader.hpp"
#include "workload/log_arrivals.hpp"

namespace lbsim::planning {

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  std::string text = fmt::format("{:02}:{:02}", s / 3600, s / 60 % 60);
  if (s % 60 != 0) text += fmt::format(":{:02}", s % 60);
  return text;
}

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

// Cuts the window after --duration.
void shorten(const RunRequest& request, Window& window) {
  if (request.duration.empty()) return;
  const Duration wanted = units::parse_duration(request.duration).or_throw("--duration");
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

std::shared_ptr<const ReadLog> read(const std::string& file) {
  auto log = std::make_shared<ReadLog>();
  if (RequestSchedule::is_one(file)) {
    log->schedule = std::make_shared<const RequestSchedule>(file);
  } else {
    log->index = workload::index_of_log(file);
  }
  return log;
}

void use_log(const RunRequest& request, const scenario::LoadedScenario& loaded,
             PreparedRun& prepared) {
  const auto& index = prepared.read_log->index;
  const auto start_s = static_cast<double>(index->first_ms() % 86'400'000) * 1e-3;
  prepared.plan.window = {start_s, to_seconds(index->span())};
  shorten(request, prepared.plan.window);
  prepared.unsteady = "a log is replayed";
  prepared.window =
      fmt::format("replay of {}: {} requests over {:.0f} s", request.log,
                  count_text(static_cast<double>(index->requests)), to_seconds(index->span()));
  if (index->invalid_lines > 0) {
    prepared.notes.push_back(
        fmt::format("{} lines of the log are malformed and were left out", index->invalid_lines));
  }
  prepared.plan.arrivals = [file = request.log, index, seed = loaded.site.seed,
                            length_s = prepared.plan.window.length_s] {
    return std::make_unique<LogArrivals>(file, index, seed, length_s);
  };
}

void use_schedule(const RunRequest& request, const scenario::LoadedScenario& loaded,
                  PreparedRun& prepared) {
  const auto& schedule = prepared.read_log->schedule;
  prepared.plan.window = {0, schedule->span_s()};
  shorten(request, prepared.plan.window);
  prepared.unsteady = "requests come at given times";
  prepared.window =
      fmt::format("{}: {} requests over {:.0f} s", request.log,
                  count_text(static_cast<double>(schedule->requests())), schedule->span_s());
  prepared.plan.arrivals = [schedule, seed = loaded.site.seed,
                            length_s = prepared.plan.window.length_s] {
    return schedule->arrivals(seed, length_s);
  };
}

// Bursts, which come and go, do not count.
std::string why_unsteady(const scenario::LoadedScenario& loaded, const Window& window) {
  const workload::RateCurve& curve = loaded.day_curve;
  const double end_s = window.start_s + window.length_s;
  for (double s = window.start_s; s < end_s; s += std::min(curve.slice_s(), 60.0)) {
    if (std::abs(curve.rate_at(s) / curve.rate_at(window.start_s) - 1) > 0.01)
      return "the day curve changes within the window";
  }
  for (const FaultConfig& fault : loaded.site.faults) {
    const double at_s = to_seconds(fault.at);
    if (at_s >= window.start_s && at_s < end_s) return fault.node + " has a fault in the window";
  }
  return "";
}

std::optional<WindowsPlan> windows_of(const RunRequest& request) {
  if (request.windows.empty()) return std::nullopt;
  const Duration length = units::parse_duration(request.windows).or_throw("windows");
  if (length >= seconds(1)) return WindowsPlan{{}, length};
  throw InputError(
      Diagnostic{{}, 0, 0, "windows", "are shorter than a second", "a time such as \"60s\""});
}

using Loaded = std::shared_ptr<scenario::LoadedScenario>;

void use_times(const RunRequest& request, const Loaded& loaded, PreparedRun& prepared) {
  check_arrival_times(*request.arrivals);
  prepared.unsteady = "users come at given times";
  prepared.window = fmt::format("{} users at given times, {:.0f} s",
                                count_text(static_cast<double>(request.arrivals->size())),
                                prepared.plan.window.length_s);
  prepared.plan.arrivals = [times = request.arrivals, length_s = prepared.plan.window.length_s,
                            seed = loaded->site.seed] {
    return std::make_unique<GivenArrivals>(times, length_s, seed);
  };
}

void use_workload(const Loaded& loaded, PreparedRun& prepared) {
  prepared.window = window_text(*loaded, prepared.plan.window);
  prepared.unsteady = why_unsteady(*loaded, prepared.plan.window);
  prepared.plan.arrivals = [loaded, window = prepared.plan.window] {
    return std::make_unique<PageArrivals>(loaded->site.workload, loaded->day_curve, window,
                                          loaded->site.seed);
  };
}

PreparedRun prepare(const Loaded& loaded, const RunRequest& request) {
  PreparedRun prepared;
  prepared.scenario_text = loaded->text;
  prepared.sha256 = loaded->sha256;
  prepared.capex_cny = loaded->cost.capex_cny;
  prepared.opex_cny_per_year = loaded->cost.opex_cny_per_year;
  RunPlan& plan = prepared.plan;
  plan.kernel = request.kernel == "simgrid" ? KernelKind::simgrid : KernelKind::native;
  if (request.has_seed) loaded->site.seed = request.seed;
  plan.site = loaded->site;
  plan.windows = windows_of(request);
  plan.keep_timeline = request.timeline;
  if (!request.log.empty()) {
    prepared.read_log = request.read_log ? request.read_log : read(request.log);
    (prepared.read_log->schedule ? use_schedule : use_log)(request, *loaded, prepared);
    return prepared;
  }
  plan.window = loaded->window;
  shorten(request, plan.window);
  if (request.arrivals) {
    use_times(request, loaded, prepared);
  } else {
    use_workload(loaded, prepared);
  }
  return prepared;
}

// The scenario is read in the child; of a log only what all runs share is read before.
template <class Source>
ChildRun child_run_of(const std::string& name, const Source& source, RunRequest request,
                      std::uint64_t seed) {
  request.seed = seed;
  request.has_seed = true;
  return {fmt::format("{}, seed {}", name, seed),
          [source, request](const std::function<bool(const Progress&)>& progress) {
            return run_here(prepare(source, request), progress);
          }};
}

}  // namespace

std::vector<std::string> settings_of(const RunRequest& request) {
  std::vector<std::string> settings = request.settings;
  if (!request.page_views.empty()) settings.push_back("workload.page_views=" + request.page_views);
  if (!request.window.empty()) settings.push_back("workload.window=" + request.window);
  return settings;
}

PreparedRun prepare(const std::string& file, const RunRequest& request) {
  return prepare(std::make_shared<scenario::LoadedScenario>(
                     scenario::load_scenario(file, settings_of(request))),
                 request);
}

PreparedRun prepare(const scenario::Document& document, const RunRequest& request) {
  return prepare(std::make_shared<scenario::LoadedScenario>(
                     scenario::load_scenario(document.with(settings_of(request)))),
                 request);
}

RunResult run_here(const PreparedRun& prepared,
                   const std::function<bool(const Progress&)>& progress) {
  RunPlan plan = prepared.plan;
  plan.progress = progress;
  RunResult result = run_site(plan);
  result.scenario_text = prepared.scenario_text;
  result.sha256 = prepared.sha256;
  result.window = prepared.window;
  result.capex_cny = prepared.capex_cny;
  result.opex_cny_per_year = prepared.opex_cny_per_year;
  result.notes.insert(result.notes.end(), prepared.notes.begin(), prepared.notes.end());
  return result;
}

ChildRun child_run(const std::string& file, const RunRequest& request, std::uint64_t seed) {
  return child_run_of(file, file, request, seed);
}

ChildRun child_run(const scenario::Document& document, const RunRequest& request,
                   std::uint64_t seed) {
  return child_run_of(document.place().file, document, request, seed);
}

}  // namespace lbsim::planning
