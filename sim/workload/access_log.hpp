// The valid requests of an access log, one after the other, whatever its format: what replay and
// calibration read. Memory is one block and one line. Lines of no format are counted, not returned.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workload/common_line.hpp"
#include "workload/haproxy_line.hpp"
#include "workload/line_reader.hpp"
#include "workload/log_format.hpp"

namespace lbsim::workload {

// Views last until the next line is read.
struct AccessRecord {
  std::int64_t time_ms = 0;  // UTC milliseconds since 1970; whole seconds but in HAProxy logs
  std::string_view client;
  RequestLine request;
  std::optional<int> status;           // none in TCP logs, or where none was sent
  std::optional<std::uint64_t> bytes;  // none for "-"
  std::string_view agent;              // empty in the common format
};

class AccessLog {
 public:
  // Throws InputError if the file cannot be read, or holds no format's lines. A rate series is not
  // an access log: also an InputError.
  explicit AccessLog(const std::string& path, LogFormat format = LogFormat::kAuto);

  // The next valid line; false at the end. Throws InputError on a damaged file.
  bool next(AccessRecord& record);

  // HAProxy logs: all fields of the record returned last. Common logs: likewise.
  const HaproxyLine& haproxy() const { return haproxy_; }
  const CommonLine& common() const { return common_; }

  LogFormat format() const { return format_; }
  // Times within one of these are not known: 1000 ms, in HAProxy logs 1 ms.
  std::int64_t resolution_ms() const { return format_ == LogFormat::kHaproxy ? 1 : 1000; }

  std::int64_t lines() const { return reader_.line_number(); }
  std::int64_t invalid() const { return invalid_; }
  const std::vector<std::int64_t>& first_invalid_lines() const { return first_invalid_lines_; }

 private:
  bool parse(std::string_view line, AccessRecord& record);
  bool parse_common(std::string_view line, AccessRecord& record);
  bool parse_haproxy(std::string_view line, AccessRecord& record);

  LogFormat format_;
  LineReader reader_;
  CommonLine common_;
  HaproxyLine haproxy_;
  std::int64_t invalid_ = 0;
  std::vector<std::int64_t> first_invalid_lines_;  // the first fifty
};

}  // namespace lbsim::workload
