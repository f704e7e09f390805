#include "control/health.hpp"

#include <algorithm>

namespace lbsim {

Time CheckClock::next_end() const { return in_vain() ? next_ + config_.timeout : heard_; }

bool CheckClock::step() {
  const bool good = reach_ == Reach::answers && !in_vain();
  const Time end = next_end();
  streak_ = good == up_ ? 0 : streak_ + 1;
  const bool flips = streak_ >= (up_ ? config_.fall : config_.rise);
  if (flips) {
    up_ = !up_;
    streak_ = 0;
  }
  const bool retries = !good && up_ && config_.retry_interval.count() > 0;
  if (retries) {
    start_next(end + config_.retry_interval);
  } else {
    start_next((config_.from_end ? end : next_) + config_.interval);
  }
  return flips;
}

void CheckClock::advance(Time now) {
  while (next_end() <= now) {
    if (agrees()) {
      const Duration lasts = next_end() - next_;
      const Duration period = config_.from_end ? lasts + config_.interval : config_.interval;
      start_next(next_ + ((now - next_ - lasts) / period + 1) * period);
      return;
    }
    step();
  }
}

std::optional<CheckClock::Flip> CheckClock::target_changed(Reach reach, Time now) {
  advance(now);
  const bool waits = reach_ == Reach::silent && reach != Reach::silent && next_ < now;
  reach_ = reach;
  if (waits) {
    heard_ = next_;
    for (Duration again = seconds(1); heard_ < now; again *= 2) heard_ += again;
  }
  if (agrees()) return std::nullopt;
  CheckClock ahead = *this;
  while (!ahead.agrees()) {
    const Time end = ahead.next_end();
    if (ahead.step()) return Flip{std::max(end, now), ahead.up_};
  }
  return std::nullopt;
}

}  // namespace lbsim
