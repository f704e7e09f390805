// Simulated time: 64-bit picoseconds (106 days), because least-connections picks change on a 1 ns
// grid.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

namespace lbsim {

struct SimClock {};
using Duration = std::chrono::duration<std::int64_t, std::pico>;
using Time = std::chrono::time_point<SimClock, Duration>;

inline constexpr Time kTimeZero{};
inline constexpr Time kNever = Time::max();

constexpr Duration picoseconds(std::int64_t n) { return Duration{n}; }
constexpr Duration microseconds(std::int64_t n) { return Duration{n * 1'000'000}; }
constexpr Duration milliseconds(std::int64_t n) { return Duration{n * 1'000'000'000}; }
constexpr Duration seconds(std::int64_t n) { return Duration{n * 1'000'000'000'000}; }

constexpr double to_seconds(Duration d) { return static_cast<double>(d.count()) * 1e-12; }
constexpr double to_seconds(Time t) { return to_seconds(t.time_since_epoch()); }
constexpr std::int64_t to_ps(Time t) { return t.time_since_epoch().count(); }

// Rounds up: a completion may be late by less than a picosecond, never early.
inline Duration from_seconds(double s) {
  return Duration{static_cast<std::int64_t>(std::ceil(s * 1e12))};
}

}  // namespace lbsim
