#include "metrics/timeline.hpp"

namespace lbsim {

void Timeline::turn() {
  if (latency_.count() > 0) {
    current_.mean_s = latency_.mean_s();
    current_.p50_s = latency_.quantile_s(0.5);
    current_.p90_s = latency_.quantile_s(0.9);
    current_.p99_s = latency_.quantile_s(0.99);
    current_.max_s = to_seconds(latency_.max());
    latency_ = {};
  }
  intervals_.push_back(current_);
  current_ = {};
  end_ += interval_;
}

Duration interval_for(double window_s) {
  constexpr int kRound[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900};
  for (const int seconds : kRound) {
    if (window_s <= 360.0 * seconds) return from_seconds(seconds);
  }
  return from_seconds(1800);
}

}  // namespace lbsim
