// What users saw, interval by interval: how many requests ended how, and how long they took. Kept
// only where somebody asks for it; it holds one sketch, whatever the length of the run.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/time.hpp"
#include "metrics/outcome.hpp"
#include "metrics/sketch.hpp"

namespace lbsim {

// Of the requests that ended in it. Latencies are those of the ok ones, in seconds; 0 without any.
struct TimelineInterval {
  std::array<std::uint64_t, kOutcomes> outcomes{};
  double mean_s = 0;
  double p50_s = 0;
  double p90_s = 0;
  double p99_s = 0;
  double max_s = 0;
};

class Timeline {
 public:
  explicit Timeline(Duration interval) : interval_(interval), end_(interval) {}

  // `now` never falls.
  void ended(RequestOutcome outcome, Duration latency, Time now) {
    while (now.time_since_epoch() >= end_) turn();
    ++current_.outcomes[static_cast<std::size_t>(outcome)];
    if (outcome == RequestOutcome::ok) latency_.add(latency);
  }
  void close() { turn(); }  // ends the last interval

  Duration interval() const { return interval_; }
  const std::vector<TimelineInterval>& intervals() const { return intervals_; }

 private:
  void turn();

  Duration interval_;
  Duration end_;  // of the current interval, since the start of the run
  TimelineInterval current_;
  LatencySketch latency_;
  std::vector<TimelineInterval> intervals_;
};

// A round interval that cuts a window into 120 to 360 parts, from 1 s on.
Duration interval_for(double window_s);

}  // namespace lbsim
