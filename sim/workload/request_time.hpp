// How long a logged request took, where the log says it.
//
// nginx (ngx_http_log_module): $request_time, from the first byte read of the client to the last
// one sent, and $upstream_response_time (ngx_http_upstream_module), both in seconds with three
// digits, as people put them after the combined format's fields:
//
//   ... "agent" 0.123            ... "agent" 0.123 0.120            ... "agent" "0.123" "0.120"
//   ... "agent" rt=0.123 urt="0.120"      ... request_time=0.123 upstream_response_time=0.120
//
// Of several servers tried ("0.001, 0.120") the sum counts; "-" is none.
// Apache (mod_log_config): %T/%D, "0/123456", is read as %D. %D alone, in microseconds, is a whole
// number, as are %T (seconds), %{ms}T, a port, or the bytes that were sent. So one that ends the
// line, and is the only one after the agent, is kept apart (`number`), and the whole log says what
// it is: WholeNumbers.
// HAProxy (Configuration Manual, 8.4, "Timing events"): Tr, the server's time to its full header,
// and Tt - Tq, without the wait for the request; whole milliseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "workload/haproxy_line.hpp"

namespace lbsim::workload {

struct RequestTimes {
  std::optional<double> total_s;   // at the proxy, with what it took to send
  std::optional<double> server_s;  // of the server alone
  // Without these two: the whole number at the end of the line, if there is one only.
  std::optional<std::uint64_t> number;
};

// `rest`: what follows the agent in a line of the combined format.
RequestTimes request_times_of(std::string_view rest);
RequestTimes request_times_of(const HaproxyLine& line);

// What the whole numbers at the ends of a log's lines are.
enum class NumberUnit : std::uint8_t {
  automatic,  // found by WholeNumbers; what follows may also be told by people
  none,       // no times
  us,
  ms,
  s,
};
// "auto", "us", "ms" or "s". Throws InputError that names `field`.
NumberUnit number_unit_named(const std::string& name, const std::string& field);
double seconds_of(std::uint64_t number, NumberUnit unit);

// Microseconds (%D) if half of them are 50 or more: no server answers half of its requests within
// 50 us, and none takes 50 s for them. Else they are seconds (%T), too coarse to tell of service.
// No times at all if they are always the same (a port), or if nine of ten are as large as the
// response or up to 1,000 bytes larger (%O, $bytes_sent: with its header).
class WholeNumbers {
 public:
  void add(std::uint64_t number, std::optional<std::uint64_t> response_bytes);

  NumberUnit unit() const;  // us or none
  // Why there are no times, for people; empty if there are, or if there are no numbers.
  std::string why_none() const;

 private:
  bool are_sizes() const { return sizes_ * 10 >= count_ * 9; }

  std::uint64_t count_ = 0;
  std::uint64_t large_ = 0;  // 50 or more
  std::uint64_t sizes_ = 0;
  std::uint64_t least_ = 0;
  std::uint64_t most_ = 0;
};

}  // namespace lbsim::workload
