// Kernel time: ticks of 4 ms, and timers that fire late because they live in a timer wheel.
//
// A timer of d ticks sits in the lowest level L with d < 63 * 8^L, whose slots are 8^L ticks wide,
// and fires when the slot after its own begins. So 10 s may last 10.26 s, 60 and 120 s up to 2.05 s
// more, 900 s up to 16.4 s more. (Gleixner, "timers: Switch to a non-cascading wheel", Linux 4.8,
// 2016.)
#pragma once

#include <cmath>
#include <cstdint>

#include "core/check.hpp"
#include "core/time.hpp"

namespace lbsim::algorithms::ipvs {

// Ticks since an origin that is a multiple of the widest slot, so that rounding is as on the
// machine whose tick counter was given. 32 bits are 198 days: more than Time can hold.
using Tick = std::uint32_t;

inline constexpr std::uint32_t kTicksPerSecond = 250;
inline constexpr int kWheelLevels = 8;  // timers up to 63 * 8^7 ticks: six days

inline int wheel_level(std::uint32_t ticks) {
  int level = 0;
  std::uint32_t reach = 63;
  while (ticks >= reach && level < kWheelLevels - 1) {
    reach *= 8;
    ++level;
  }
  return level;
}

// When a timer that should expire at `expires` fires, if it was armed at `level`.
constexpr Tick fire_tick(Tick expires, int level) {
  return ((expires >> (3 * level)) + 1) << (3 * level);
}

// When a timer armed at `now` for `ticks` fires.
inline Tick fire_tick_after(Tick now, std::uint32_t ticks) {
  return fire_tick(now + ticks, wheel_level(ticks));
}

// Simulated time as ticks, given the machine's tick counter at time zero.
class TickClock {
 public:
  explicit TickClock(double jiffies_at_zero)
      : origin_(static_cast<Tick>(static_cast<std::uint64_t>(jiffies_at_zero) % kWidestSlot)),
        into_tick_ps_(std::llround((jiffies_at_zero - std::floor(jiffies_at_zero)) * kTickPs)) {
    LBSIM_CHECK(jiffies_at_zero >= 0);
  }

  Tick tick(Time now) const {
    return origin_ +
           static_cast<Tick>(static_cast<std::uint64_t>(to_ps(now) + into_tick_ps_) / kTickPs);
  }

  // The first instant of a tick that is not before time zero.
  Time time(Tick tick) const {
    return Time{Duration{static_cast<std::int64_t>(tick - origin_) * kTickPs - into_tick_ps_}};
  }

 private:
  static constexpr std::int64_t kTickPs = 1'000'000'000'000 / kTicksPerSecond;
  static constexpr std::uint64_t kWidestSlot = std::uint64_t{1} << (3 * (kWheelLevels - 1));

  Tick origin_;
  std::int64_t into_tick_ps_;
};

}  // namespace lbsim::algorithms::ipvs
