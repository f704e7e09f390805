// Runs a site once, on either kernel.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "devices/config.hpp"
#include "metrics/request_watch.hpp"
#include "metrics/result.hpp"
#include "workload/page_arrivals.hpp"

namespace lbsim {

enum class KernelKind : std::uint8_t { native, simgrid };

struct Progress {
  double simulated_s = 0;
  double window_s = 0;
  std::uint64_t requests_ended = 0;
  std::uint32_t requests_in_flight = 0;
};

// Windows of a run in which requests are counted apart (Recorder::record_windows).
struct WindowsPlan {
  Duration from{};    // before: warm-up, in none
  Duration length{};  // 0: one, to the end of the run
};

// What is to be run. The configuration has been checked: names are known, numbers in range.
struct RunPlan {
  SiteConfig site;
  Window window;
  KernelKind kernel = KernelKind::native;
  // Users come from here; they end with the window, or before.
  std::function<std::unique_ptr<ArrivalSource>()> arrivals;
  bool keep_trace = false;     // Recorder::trace()
  bool keep_timeline = false;  // Recorder::timeline(), in intervals that suit the window
  bool keep_requests = false;  // in Recorder::requests()
  // Called about a thousand times in a run; false interrupts it, and the result is partial.
  std::function<bool(const Progress&)> progress;
  std::optional<WindowsPlan> windows;
  // Looks at what has been recorded, at time 0 and then whenever the time it returned has passed,
  // until the window is over. 0 or less ends the window there and then.
  std::function<Duration(Time now, const Recorder&)> observe;
  // Hears of every request; null: nobody does.
  RequestWatch* watch = nullptr;
};

RunResult run_site(const RunPlan& plan);

}  // namespace lbsim
