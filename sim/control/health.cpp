#include "control/health.hpp"

#include <algorithm>

namespace lbsim {

Time CheckClock::next_end() const {
  return reach_ == Reach::silent ? next_ + config_.timeout : next_;
}

bool CheckClock::step() {
  const bool good = reach_ == Reach::answers;
  const Time end = next_end();
  streak_ = good == up_ ? 0 : streak_ + 1;
  const bool flips = streak_ >= (up_ ? config_.fall : config_.rise);
  if (flips) {
    up_ = !up_;
    streak_ = 0;
  }
  const bool retries = !good && up_ && config_.retry_interval.count() > 0;
  next_ = retries ? end + config_.retry_interval : next_ + config_.interval;
  return flips;
}

void CheckClock::advance(Time now) {
  while (next_end() <= now) {
    if (agrees()) {
      const auto skipped = (now - next_) / config_.interval;
      next_ += (skipped + 1) * config_.interval;
      return;
    }
    step();
  }
}

std::optional<CheckClock::Flip> CheckClock::target_changed(Reach reach, Time now) {
  advance(now);
  reach_ = reach;
  if (agrees()) return std::nullopt;
  CheckClock ahead = *this;
  while (!ahead.agrees()) {
    const Time end = ahead.next_end();
    if (ahead.step()) return Flip{std::max(end, now), ahead.up_};
  }
  return std::nullopt;
}

}  // namespace lbsim
