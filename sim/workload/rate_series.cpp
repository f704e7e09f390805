#include "workload/rate_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/error.hpp"
#include "workload/calendar.hpp"
#include "workload/latin1.hpp"
#include "workload/log_format.hpp"

namespace lbsim::workload {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::int64_t kMostPoints = 200'000'000;  // six years of seconds, 1.6 GB

[[noreturn]] void refuse(const std::string& path, std::int64_t line, std::string message,
                         std::string hint) {
  throw InputError(Diagnostic{.file = path,
                              .line = static_cast<int>(line),
                              .column = 0,
                              .field = "",
                              .message = std::move(message),
                              .hint = std::move(hint)});
}

std::string_view unquoted(std::string_view field) {
  while (!field.empty() && is_space(field.front())) field.remove_prefix(1);
  while (!field.empty() && is_space(field.back())) field.remove_suffix(1);
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
    return field.substr(1, field.size() - 2);
  }
  return field;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  std::vector<std::string_view> fields;
  if (line.find(',') == std::string_view::npos && !iso_clock_s(unquoted(line))) {
    for (std::size_t at = 0; at < line.size();) {
      const std::size_t end = end_of_word(line, at);
      if (end > at) fields.push_back(line.substr(at, end - at));
      at = end + 1;
    }
    return fields;
  }
  for (;;) {
    const std::size_t comma = line.find(',');
    fields.push_back(unquoted(line.substr(0, comma)));
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

std::optional<std::int64_t> integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A count, also when a spreadsheet wrote it as "94.0".
std::optional<std::uint64_t> count_of(std::string_view text) {
  double value = 0;
  if (const auto whole = integer(text); whole && *whole >= 0) {
    return static_cast<std::uint64_t>(*whole);
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!(value >= 0 && value < 1e18)) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

std::int64_t step_named_in(std::string_view text) {
  const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
  if (has("second") || has("offset_s") || text.ends_with("_s")) return 1;
  if (has("minute")) return 60;
  if (has("hour")) return 3600;
  return 0;
}

std::int64_t step_of(const RateSeries& series, const std::string& path) {
  const std::string name = path.substr(path.find_last_of('/') + 1);
  std::int64_t step = series.columns.empty() ? 0 : step_named_in(series.columns[0]);
  if (step == 0) step = step_named_in(name);
  if (step != 0) return step;
  if (!series.columns.empty()) return 1;
  const std::int64_t last = series.rows.back().index;
  if (last < 24) return 3600;
  return last < 1440 ? 60 : 1;
}

std::int64_t least_gap(const std::vector<RateSeries::Row>& rows) {
  std::int64_t least = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::int64_t gap = rows[i].index - rows[i - 1].index;
    if (gap > 0 && (least == 0 || gap < least)) least = gap;
  }
  return least == 0 ? 60 : least;
}

// year,month,day,week_day,hour,requests -> the hour's number since 1970
std::optional<std::int64_t> hour_index(const std::vector<std::string_view>& fields,
                                       const std::vector<std::string>& columns) {
  std::int64_t parts[4] = {};
  constexpr std::string_view kNames[4] = {"year", "month", "day", "hour"};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto column = std::find(columns.begin(), columns.end(), kNames[i]) - columns.begin();
    const auto value = integer(fields[static_cast<std::size_t>(column)]);
    if (!value) return std::nullopt;
    parts[i] = *value;
  }
  if (parts[1] < 1 || parts[1] > 12 || parts[3] < 0 || parts[3] > 23) return std::nullopt;
  return days_since_epoch(parts[0], static_cast<int>(parts[1]), static_cast<int>(parts[2])) * 24 +
         parts[3];
}

bool has_all(const std::vector<std::string>& columns,
             std::initializer_list<std::string_view> names) {
  return std::all_of(names.begin(), names.end(), [&](std::string_view name) {
    return std::find(columns.begin(), columns.end(), name) != columns.end();
  });
}

// One row into the series; false if it cannot be read.
bool add_row(const std::vector<std::string_view>& fields, RateSeries& series) {
  if (fields.size() < 2 || (!series.columns.empty() && fields.size() != series.columns.size())) {
    return false;
  }
  const bool hourly = series.form == SeriesForm::kHourly;
  if (series.rows.empty() && !hourly && iso_clock_s(fields[0])) series.form = SeriesForm::kDated;
  std::optional<std::int64_t> index;
  if (hourly) index = hour_index(fields, series.columns);
  if (series.form == SeriesForm::kIndexed) index = integer(fields[0]);
  if (series.form == SeriesForm::kDated) index = iso_clock_s(fields[0]);
  const auto count = count_of(fields[hourly ? fields.size() - 1 : 1]);
  if (!index || !count) return false;
  series.rows.push_back({*index, *count});
  series.column_sums.resize(std::max(series.column_sums.size(), fields.size()));
  for (std::size_t i = 1; i < fields.size() && !hourly; ++i) {
    series.column_sums[i] += count_of(fields[i]).value_or(0);
  }
  return true;
}

// From rows to one count per step.
void fill_counts(RateSeries& series, const std::string& path) {
  const auto by_index = [](const auto& a, const auto& b) { return a.index < b.index; };
  const auto [first, last] = std::minmax_element(series.rows.begin(), series.rows.end(), by_index);
  series.first_index = first->index;
  if (last->index - first->index >= kMostPoints) {
    refuse(path, 0, fmt::format("spans {} steps", last->index - first->index),
           "a series may have 200 million points; is the first column an index?");
  }
  series.counts.assign(static_cast<std::size_t>(last->index - first->index + 1), 0);
  for (const auto& row : series.rows) {
    series.counts[static_cast<std::size_t>(row.index - series.first_index)] = row.count;
  }
}

}  // namespace

bool looks_like_series_row(std::string_view line) {
  const auto fields = fields_of(line);
  if (fields.size() < 2 || fields.size() > 200) return false;
  const bool indexed = integer(fields[0]) || iso_clock_s(fields[0]);
  return indexed && std::all_of(fields.begin() + 1, fields.end(),
                                [](std::string_view field) { return count_of(field).has_value(); });
}

RateSeries read_rate_series(LineReader& reader, const std::string& path) {
  RateSeries series;
  std::string_view line;
  while (reader.next(line)) {
    if (is_blank(line)) continue;
    const auto fields = fields_of(line);
    if (reader.line_number() == 1 && !looks_like_series_row(line)) {
      series.columns.assign(fields.begin(), fields.end());
      if (has_all(series.columns, {"year", "month", "day", "hour"})) {
        series.form = SeriesForm::kHourly;
      }
    } else if (!add_row(fields, series)) {
      refuse(path, reader.line_number(), "is no row of a rate series",
             "rows are an index or a date, a comma, and a count: 0,55");
    }
  }
  if (series.rows.empty())
    fail_without_valid_line(path, reader.line_number(), "an index and a count");
  if (series.form == SeriesForm::kIndexed) series.step_s = step_of(series, path);
  if (series.form == SeriesForm::kHourly) series.step_s = 3600;
  if (series.form == SeriesForm::kDated) {
    series.step_s = least_gap(series.rows);
    for (auto& row : series.rows) row.index = floor_div(row.index, series.step_s);
  }
  fill_counts(series, path);
  return series;
}

}  // namespace lbsim::workload
