#include "workload/log_format.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "core/error.hpp"
#include "workload/common_line.hpp"
#include "workload/haproxy_line.hpp"
#include "workload/line_reader.hpp"
#include "workload/rate_series.hpp"

namespace lbsim::workload {
namespace {

const std::vector<std::pair<std::string, LogFormat>>& names() {
  static const std::vector<std::pair<std::string, LogFormat>> kNames = {
      {"auto", LogFormat::kAuto},       {"common", LogFormat::kCommon},
      {"combined", LogFormat::kCommon}, {"haproxy", LogFormat::kHaproxy},
      {"series", LogFormat::kSeries},
  };
  return kNames;
}

Diagnostic diagnostic(std::string file, std::string message, std::string hint) {
  return {.file = std::move(file),
          .line = 0,
          .column = 0,
          .field = "",
          .message = std::move(message),
          .hint = std::move(hint)};
}

}  // namespace

LogFormat log_format_named(const std::string& name) {
  std::vector<std::string> candidates;
  for (const auto& [candidate, format] : names()) {
    if (candidate == name) return format;
    candidates.push_back(candidate);
  }
  const std::string near = nearest_word(name, candidates);
  throw InputError(diagnostic("", fmt::format("no log format is called '{}'", name),
                              near.empty() ? "there are auto, common, combined, haproxy and series"
                                           : fmt::format("did you mean '{}'?", near)));
}

LogFormat detect_log_format(const std::string& path) {
  LineReader reader(path);
  CommonLine common;
  HaproxyLine haproxy;
  std::int64_t common_lines = 0;
  std::int64_t haproxy_lines = 0;
  bool series = false;
  std::string_view line;
  while (reader.next(line)) {
    if (match_common(line, common) != Grammar::kNone) ++common_lines;
    if (match_haproxy(line, haproxy) != HaproxyKind::kOther) ++haproxy_lines;
    if (reader.line_number() <= 2) series = series || looks_like_series_row(line);
    if (reader.line_number() >= 1000 && common_lines + haproxy_lines + (series ? 1 : 0) > 0) break;
  }
  if (common_lines > 0 && common_lines >= haproxy_lines) return LogFormat::kCommon;
  if (haproxy_lines > 0) return LogFormat::kHaproxy;
  if (series) return LogFormat::kSeries;
  fail_without_valid_line(path, reader.line_number(), "a known log format");
}

LogFormat resolved_log_format(const std::string& path, LogFormat format) {
  return format == LogFormat::kAuto ? detect_log_format(path) : format;
}

void fail_without_valid_line(const std::string& path, std::int64_t lines,
                             std::string_view counted) {
  if (lines == 0) throw InputError(diagnostic(path, "is empty", "name a log with requests in it"));
  throw InputError(diagnostic(
      path, fmt::format("none of its {} lines has {}", lines, counted),
      "a line of the common format reads: 192.0.2.7 - - [09/Jul/1995:00:00:01 -0400] "
      "\"GET / HTTP/1.0\" 200 6245; also read: combined, HAProxy's HTTP and TCP logs, and CSV "
      "counts per second, minute or hour"));
}

}  // namespace lbsim::workload
