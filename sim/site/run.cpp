#include "site/run.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

#include "core/error.hpp"
#include "devices/kernels.hpp"
#include "site/site.hpp"

namespace lbsim {
namespace {

double clock_s(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// A rest of less than half a window belongs to the window before it.
void record_windows(const WindowsPlan& windows, double run_s, Recorder& recorder) {
  const double all_s = run_s - to_seconds(windows.from);
  const double length_s = windows.length == Duration{} ? all_s : to_seconds(windows.length);
  const auto count = static_cast<std::size_t>(std::max(1.0, all_s / length_s + 0.5));
  recorder.record_windows(kTimeZero + windows.from, from_seconds(length_s), count);
}

// Users come until somebody ends the window; the next one is already on the way then.
class ArrivalsUntilCut final : public ArrivalSource {
 public:
  explicit ArrivalsUntilCut(std::unique_ptr<ArrivalSource> source) : source_(std::move(source)) {}
  bool next(Arrival& arrival) override { return !cut_ && source_->next(arrival); }
  void cut() { cut_ = true; }

 private:
  std::unique_ptr<ArrivalSource> source_;
  bool cut_ = false;
};

template <class K>
void run_on(RunPlan plan, RunResult& result) {
  K kernel;
  if (plan.keep_requests) result.recorder.keep_requests();
  if (plan.keep_trace) {
    std::vector<std::string> tiers;
    for (const TierConfig& tier : plan.site.tiers) tiers.push_back(tier.name);
    result.recorder.keep_trace(std::move(tiers));
  }
  if (plan.keep_timeline) {
    result.recorder.keep_timeline(interval_for(plan.window.length_s));
  }
  std::unique_ptr<ArrivalSource> arrivals = plan.arrivals();
  if (plan.observe) {
    auto source = std::make_unique<ArrivalsUntilCut>(std::move(arrivals));
    plan.observe = [look = plan.observe, cut = source.get()](Time now, const Recorder& recorder) {
      const Duration next = look(now, recorder);
      if (next <= Duration{0}) cut->cut();
      return next;
    };
    arrivals = std::move(source);
  }
  Site<K> site(kernel, plan, *arrivals, result.recorder);
  result.partial = site.run();
  result.recorder.close();
  result.simulated_s = result.partial ? to_seconds(kernel.now())
                       : plan.observe ? site.window_s()
                                      : plan.window.length_s;
  result.events = site.events();
  result.requests_in_flight_max = site.in_flight_max();
  for (const std::string& note : site.notes()) result.notes.push_back(note);
}

}  // namespace

RunResult run_site(const RunPlan& plan) {
  RunResult result;
  result.scenario = plan.site.name;
  result.seed = plan.site.seed;
  result.window_start_s = plan.window.start_s;
  result.page_views_per_day = plan.site.workload.page_views_per_day;
  if (plan.windows) record_windows(*plan.windows, plan.window.length_s, result.recorder);
  const double wall = clock_s(CLOCK_MONOTONIC);
  const double cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID);
  if (plan.kernel == KernelKind::native) {
    run_on<kernel::NativeKernel>(plan, result);
  } else {
#ifdef LBSIM_SIMGRID
    result.kernel = "simgrid";
    run_on<kernel::SimgridKernel>(plan, result);
#else
    throw InputError(Diagnostic{{},
                                0,
                                0,
                                "--kernel",
                                "this build has no SimGrid kernel",
                                "configure with -DLBSIM_SIMGRID=ON"});
#endif
  }
  result.wall_s = clock_s(CLOCK_MONOTONIC) - wall;
  result.cpu_s = clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  check_conservation(result);
  return result;
}

}  // namespace lbsim
