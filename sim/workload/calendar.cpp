#include "workload/calendar.hpp"

#include <fmt/format.h>

#include "workload/latin1.hpp"

namespace lbsim::workload {
namespace {

int number_at(std::string_view text, std::size_t at, std::size_t digits) {
  int value = 0;
  for (std::size_t i = at; i < at + digits; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

std::int64_t clock_s(std::int64_t days, int hour, int minute, int second) {
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

int month_of(std::string_view name) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  for (int month = 0; month < 12; ++month) {
    if (kMonths.substr(static_cast<std::size_t>(month) * 3, 3) == name) return month + 1;
  }
  return 0;
}

struct Date {
  std::int64_t year;
  int month;
  int day;
};

// Both directions after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2021): years
// that begin in March put the leap day last, and 400 years always have 146,097 days.
Date date_of(std::int64_t days) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = floor_div(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  const int month =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

}  // namespace

std::int64_t days_since_epoch(std::int64_t year, int month, int day) {
  const std::int64_t from_march = month <= 2 ? year - 1 : year;
  const std::int64_t era = floor_div(from_march, 400);
  const std::int64_t year_of_era = from_march - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468 + day - 1;
}

std::string iso_text(std::int64_t utc_s) {
  const std::int64_t days = floor_div(utc_s, kDayS);
  const Date date = date_of(days);
  const std::int64_t second = utc_s - days * kDayS;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", date.year, date.month, date.day,
                     second / 3600, second / 60 % 60, second % 60);
}

bool has_shape(std::string_view text, std::string_view shape) {
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = text[i];
    bool fits = c == shape[i];
    if (shape[i] == '0') fits = is_digit(c);
    if (shape[i] == 'A') fits = c >= 'A' && c <= 'Z';
    if (shape[i] == 'a') fits = c >= 'a' && c <= 'z';
    if (shape[i] == '+') fits = c == '+' || c == '-';
    if (!fits) return false;
  }
  return true;
}

std::optional<std::int64_t> log_clock_s(std::string_view stamp) {
  const int month = month_of(stamp.substr(3, 3));
  const int year = number_at(stamp, 7, 4);
  if (month == 0 || year == 0) return std::nullopt;
  return clock_s(days_since_epoch(year, month, number_at(stamp, 0, 2)), number_at(stamp, 12, 2),
                 number_at(stamp, 15, 2), number_at(stamp, 18, 2));
}

std::optional<std::int64_t> iso_clock_s(std::string_view stamp) {
  if (!has_shape(stamp, "0000-00-00")) return std::nullopt;
  const std::string_view clock = stamp.substr(10);
  const bool to_second = clock.size() == 9 && has_shape(clock.substr(1), "00:00:00");
  const bool to_minute = clock.size() == 6 && has_shape(clock.substr(1), "00:00");
  const bool to_day = clock.empty();
  if (!to_second && !to_minute && !to_day) return std::nullopt;
  if (!to_day && clock[0] != ' ' && clock[0] != 'T') return std::nullopt;
  const int month = number_at(stamp, 5, 2);
  if (month < 1 || month > 12) return std::nullopt;
  const std::int64_t days = days_since_epoch(number_at(stamp, 0, 4), month, number_at(stamp, 8, 2));
  const int hour = to_day ? 0 : number_at(stamp, 11, 2);
  const int minute = to_day ? 0 : number_at(stamp, 14, 2);
  return clock_s(days, hour, minute, to_second ? number_at(stamp, 17, 2) : 0);
}

}  // namespace lbsim::workload
