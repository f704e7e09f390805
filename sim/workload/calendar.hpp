// Dates as logs write them, and seconds since 1970-01-01 UTC (proleptic Gregorian, no leap
// seconds).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lbsim::workload {

inline constexpr std::int64_t kDayS = 86'400;

// a / b rounded down, b > 0: the number of the day, hour or minute that a moment lies in.
constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Days from 1970-01-01 to a date. The day of the month is not checked: 31 February is 2 or 3 March,
// because a server's clock that says so has still stamped the line at one definite moment.
std::int64_t days_since_epoch(std::int64_t year, int month, int day);

// The text of a moment in UTC, "1995-07-09T04:00:00Z".
std::string iso_text(std::int64_t utc_s);

// Does `text` start with the shape of `shape`? In it '0' stands for a digit, 'A' and 'a' for an
// upper and a lower case letter, '+' for a sign; anything else for itself.
bool has_shape(std::string_view text, std::string_view shape);

// "25/Feb/2019:16:19:48" at the head of a text that has this shape, its clock taken as UTC. None if
// there is no such month, or the year is 0000. Hours, minutes and seconds may exceed their range.
std::optional<std::int64_t> log_clock_s(std::string_view stamp);
inline constexpr std::string_view kLogClockShape = "00/Aaa/0000:00:00:00";

// "1998-04-30 21:30:00" (or with a T, or without seconds) taken as UTC; none if it is no such text.
std::optional<std::int64_t> iso_clock_s(std::string_view stamp);

}  // namespace lbsim::workload
