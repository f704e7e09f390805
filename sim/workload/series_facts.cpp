#include "workload/series_facts.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "workload/calendar.hpp"
#include "workload/rounding.hpp"

namespace lbsim::workload {
namespace {

using Counts = std::vector<std::uint64_t>;

std::uint64_t sum_of(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

// largest / mean, where mean = total / parts; null for a series without any request.
Json over_mean(std::uint64_t largest, std::uint64_t total, std::size_t parts) {
  if (total == 0) return nullptr;
  return round_to(static_cast<double>(largest) / quotient(total, parts), 4);
}

// Sums of consecutive blocks of `width` counts, the last partial block dropped.
Counts blocks_of(const Counts& counts, std::size_t width) {
  Counts sums;
  for (std::size_t at = 0; at + width <= counts.size(); at += width) {
    const auto from = counts.begin() + static_cast<std::ptrdiff_t>(at);
    sums.push_back(
        std::accumulate(from, from + static_cast<std::ptrdiff_t>(width), std::uint64_t{0}));
  }
  return sums;
}

Json longest_zero_run(const RateSeries& series) {
  std::int64_t run = 0;
  std::int64_t longest = 0;
  std::int64_t from = 0;
  for (std::size_t i = 0; i < series.counts.size(); ++i) {
    run = series.counts[i] == 0 ? run + 1 : 0;
    if (run > longest) {
      longest = run;
      from = static_cast<std::int64_t>(i) - run + 1;
    }
  }
  return {{"points", longest}, {"from_index", series.first_index + from}};
}

Json by_hour_of_day(const RateSeries& series) {
  std::array<std::uint64_t, 24> hours{};
  for (std::size_t i = 0; i < series.counts.size(); ++i) {
    const std::int64_t at = (series.first_index + static_cast<std::int64_t>(i)) * series.step_s;
    const std::int64_t second_of_day = at - floor_div(at, kDayS) * kDayS;
    hours[static_cast<std::size_t>(second_of_day / 3600)] += series.counts[i];
  }
  return hours;
}

void add_days(const RateSeries& series, Json& values) {
  const auto day = static_cast<std::size_t>(kDayS / series.step_s);
  if (day == 0 || series.counts.size() < day) return;
  const Counts days = blocks_of(series.counts, day);
  values["requests_per_whole_day"] = days;
  values["busiest_day_over_mean_day"] =
      over_mean(*std::max_element(days.begin(), days.end()), sum_of(days), days.size());
  if (kDayS % series.step_s == 0 && series.step_s <= 3600) {
    values["requests_by_hour_of_day_since_index_0"] = by_hour_of_day(series);
  }
}

void add_minutes(const RateSeries& series, Json& values) {
  if (series.step_s >= 60) return;
  const Counts minutes = blocks_of(series.counts, static_cast<std::size_t>(60 / series.step_s));
  if (minutes.empty()) return;
  const std::uint64_t peak = *std::max_element(minutes.begin(), minutes.end());
  values["peak_60s_from_first_index"] = peak;
  values["peak_to_mean_minute"] = over_mean(peak, sum_of(minutes), minutes.size());
}

// The sums of columns beside the count, when the header names them: bot, browser, country_XX.
void add_parts(const RateSeries& series, Json& values) {
  if (series.columns.size() <= 2) return;
  values["columns"] = series.columns;
  Json countries = Json::object();
  for (std::size_t i = 2; i < series.columns.size(); ++i) {
    const std::string& name = series.columns[i];
    if (name.starts_with("country_")) {
      countries[name] = series.column_sums[i];
    } else {
      values[name + "_requests"] = series.column_sums[i];
    }
  }
  if (!countries.empty()) values["country_totals"] = countries;
}

Json indexed_facts(const RateSeries& series) {
  const Counts& counts = series.counts;
  const std::uint64_t total = sum_of(counts);
  const auto peak = std::max_element(counts.begin(), counts.end());
  const auto points = static_cast<std::int64_t>(counts.size());
  Json values = {{"step_s", series.step_s},
                 {"first_index", series.first_index},
                 {"last_index", series.first_index + points - 1},
                 {"points", points},
                 {"points_given", series.rows.size()},
                 {"requests", total},
                 {"mean", round_to(quotient(total, counts.size()), 6)},
                 {"max", *peak},
                 {"max_at_index", series.first_index + (peak - counts.begin())},
                 {"peak_to_mean", over_mean(*peak, total, counts.size())},
                 {"zero_points", std::count(counts.begin(), counts.end(), 0u)},
                 {"longest_zero_run", longest_zero_run(series)}};
  add_days(series, values);
  add_minutes(series, values);
  add_parts(series, values);
  if (series.form == SeriesForm::kDated && series.step_s == 60) {
    values["note"] = "index is minutes since 1970-01-01 UTC";
  }
  return values;
}

// Hours that are missing stay out of the mean: the service was not measured then.
Json hourly_facts(const RateSeries& series) {
  std::array<std::uint64_t, 24> hours{};
  std::uint64_t total = 0;
  const auto by_count = [](const auto& a, const auto& b) { return a.count < b.count; };
  for (const auto& row : series.rows) {
    hours[static_cast<std::size_t>(row.index - floor_div(row.index, 24) * 24)] += row.count;
    total += row.count;
  }
  const auto [least, most] = std::minmax_element(series.rows.begin(), series.rows.end(), by_count);
  return {{"columns", series.columns},
          {"rows", series.rows.size()},
          {"requests", total},
          {"max", most->count},
          {"min", least->count},
          {"mean", round_to(quotient(total, series.rows.size()), 4)},
          {"peak_to_mean", over_mean(most->count, total, series.rows.size())},
          {"requests_by_hour_of_day", hours}};
}

}  // namespace

Json series_facts(const RateSeries& series) {
  return series.form == SeriesForm::kHourly ? hourly_facts(series) : indexed_facts(series);
}

}  // namespace lbsim::workload
