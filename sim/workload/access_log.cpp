#include "workload/access_log.hpp"

#include <charconv>

#include "core/error.hpp"

namespace lbsim::workload {
namespace {

template <typename Number>
std::optional<Number> number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace

AccessLog::AccessLog(const std::string& path, LogFormat format)
    : format_(resolved_log_format(path, format)), reader_(path) {
  if (format_ != LogFormat::kSeries) return;
  throw InputError(Diagnostic{.file = path,
                              .line = 0,
                              .column = 0,
                              .field = "",
                              .message = "is a rate series, not a log of requests",
                              .hint = "use it as day_curve instead"});
}

bool AccessLog::next(AccessRecord& record) {
  std::string_view line;
  while (reader_.next(line)) {
    if (parse(line, record)) return true;
    ++invalid_;
    if (first_invalid_lines_.size() < 50) first_invalid_lines_.push_back(reader_.line_number());
  }
  return false;
}

bool AccessLog::parse(std::string_view line, AccessRecord& record) {
  return format_ == LogFormat::kHaproxy ? parse_haproxy(line, record) : parse_common(line, record);
}

bool AccessLog::parse_common(std::string_view line, AccessRecord& record) {
  if (match_common(line, common_) == Grammar::kNone || !common_.time_s) return false;
  record.time_ms = *common_.time_s * 1000;
  record.client = common_.host;
  record.request = split_request(common_.request);
  record.status = common_.status;
  record.bytes = common_.bytes;
  record.agent = common_.combined ? common_.agent : std::string_view{};
  return true;
}

bool AccessLog::parse_haproxy(std::string_view line, AccessRecord& record) {
  const HaproxyKind kind = match_haproxy(line, haproxy_);
  if (kind == HaproxyKind::kOther || !haproxy_.accepted_ms) return false;
  record.time_ms = *haproxy_.accepted_ms;
  record.client = haproxy_.client;
  record.request = split_request(haproxy_.request);
  record.status = number_of<int>(haproxy_.status);
  if (record.status && *record.status < 0) record.status.reset();
  record.bytes = number_of<std::uint64_t>(haproxy_.bytes);
  record.agent = {};
  return true;
}

}  // namespace lbsim::workload
