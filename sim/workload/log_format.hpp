// The forms of log that are read, by name and by look.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lbsim::workload {

enum class LogFormat {
  kAuto,
  kCommon,  // common and combined alike: the same grammar, line by line
  kHaproxy,
  kSeries,  // counts per second, minute or hour: rate_series.hpp
};

// "auto", "common", "combined", "haproxy", "series". Throws InputError with the nearest name.
LogFormat log_format_named(const std::string& name);

// The format that most of the first lines have: of the first 1,000, or of all up to the first that
// has any. Throws InputError if no line of the file has one.
LogFormat detect_log_format(const std::string& path);

// `format`, or what the file looks like if that is kAuto.
LogFormat resolved_log_format(const std::string& path, LogFormat format);

// The file exists and is read, but holds nothing of the format. `counted` says what was looked for.
[[noreturn]] void fail_without_valid_line(const std::string& path, std::int64_t lines,
                                          std::string_view counted);

}  // namespace lbsim::workload
