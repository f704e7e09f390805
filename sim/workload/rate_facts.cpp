#include "workload/rate_facts.hpp"

#include <array>
#include <vector>

#include "workload/calendar.hpp"
#include "workload/rounding.hpp"

namespace lbsim::workload {
namespace {

using Entries = std::vector<Tally::Entry>;

// The counts of aligned windows of `width` seconds: value = window number.
Entries windows_of(const Entries& seconds, std::int64_t width) {
  Entries windows;
  for (const auto& [second, count] : seconds) {
    const std::int64_t window = floor_div(second, width);
    if (windows.empty() || windows.back().value != window) windows.push_back({window, 0});
    windows.back().count += count;
  }
  return windows;
}

// The largest count, the earliest of equals.
Tally::Entry peak_of(const Entries& entries) {
  Tally::Entry peak = entries.front();
  for (const auto& entry : entries) {
    if (entry.count > peak.count) peak = entry;
  }
  return peak;
}

// The most requests in any window [t, t + 60), and the first request's second in it.
Tally::Entry sliding_minute_peak(const Entries& seconds) {
  Tally::Entry peak{0, 0};
  std::uint64_t inside = 0;
  std::size_t oldest = 0;
  for (const auto& [second, count] : seconds) {
    inside += count;
    for (; seconds[oldest].value <= second - 60; ++oldest) inside -= seconds[oldest].count;
    if (inside > peak.count) peak = {seconds[oldest].value, inside};
  }
  return peak;
}

// Variance / mean of the counts in whole windows from the first second on; null below two windows.
Json dispersion(const Entries& seconds, std::int64_t width) {
  const std::int64_t first = seconds.front().value;
  const std::int64_t windows = (seconds.back().value - first + 1) / width;
  if (windows < 2) return nullptr;
  Wide sum = 0;
  Wide sum_of_squares = 0;
  Wide in_window = 0;
  std::int64_t window = 0;
  for (const auto& [second, count] : seconds) {
    const std::int64_t k = (second - first) / width;
    if (k >= windows) break;
    if (k != window) {
      sum_of_squares += in_window * in_window;
      in_window = 0;
      window = k;
    }
    in_window += count;
    sum += count;
  }
  sum_of_squares += in_window * in_window;
  const Wide n = static_cast<Wide>(windows);
  const double variance = quotient(n * sum_of_squares - sum * sum, n * n);
  return round_to(variance / quotient(sum, n), 4);
}

Json by_hour_of_day(const Entries& hours) {
  std::array<std::uint64_t, 24> counts{};
  for (const auto& [hour, count] : hours) {
    counts[static_cast<std::size_t>(hour - floor_div(hour, 24) * 24)] += count;
  }
  return counts;
}

// Every hour between the first and the last. A log whose dates span more than a century has a stray
// date in it; its million empty hours would help nobody.
Json by_hour(const Entries& hours) {
  constexpr std::int64_t kMostHours = 100 * 366 * 24;
  if (hours.back().value - hours.front().value > kMostHours) return nullptr;
  Json counts = Json::object();
  auto& object = counts.get_ref<Json::object_t&>();
  auto next = hours.begin();
  for (std::int64_t hour = hours.front().value; hour <= hours.back().value; ++hour) {
    const bool given = next->value == hour;
    object.emplace_back(iso_text(hour * 3600), given ? next->count : 0);
    if (given) ++next;
  }
  return counts;
}

}  // namespace

Json rate_facts(Tally& tally) {
  const Entries& seconds = tally.entries();
  const Entries minutes = windows_of(seconds, 60);
  const Entries hours = windows_of(seconds, 3600);
  const std::int64_t first = seconds.front().value;
  const std::int64_t last = seconds.back().value;
  Wide requests = 0;
  for (const auto& entry : seconds) requests += entry.count;
  const auto span = static_cast<Wide>(last - first + 1);
  const std::int64_t minutes_spanned = minutes.back().value - minutes.front().value + 1;
  const double mean_per_minute = quotient(requests, static_cast<Wide>(minutes_spanned));
  const Tally::Entry second_peak = peak_of(seconds);
  const Tally::Entry minute_peak = peak_of(minutes);
  const Tally::Entry sliding_peak = sliding_minute_peak(seconds);
  Json idc = Json::object();
  for (const int width : {1, 10, 60, 600, 3600}) {
    idc[std::to_string(width)] = dispersion(seconds, width);
  }
  return {{"first", iso_text(first)},
          {"last", iso_text(last)},
          {"span_s", last - first + 1},
          {"requests", static_cast<std::uint64_t>(requests)},
          {"mean_per_s", round_to(quotient(requests, span), 6)},
          {"seconds_with_requests", seconds.size()},
          {"peak_1s", {{"requests", second_peak.count}, {"at", iso_text(second_peak.value)}}},
          {"peak_60s_aligned",
           {{"requests", minute_peak.count}, {"at", iso_text(minute_peak.value * 60)}}},
          {"peak_60s_sliding",
           {{"requests", sliding_peak.count}, {"from", iso_text(sliding_peak.value)}}},
          {"minutes_spanned", minutes_spanned},
          {"peak_to_mean_minute",
           round_to(static_cast<double>(minute_peak.count) / mean_per_minute, 4)},
          {"idc", idc},
          {"requests_by_utc_hour_of_day", by_hour_of_day(hours)},
          {"requests_per_hour", by_hour(hours)}};
}

}  // namespace lbsim::workload
