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
// HAProxy (Configuration Manual, 8.4, "Timing events"): Tr, the server's time to its full header,
// and Tt - Tq, without the wait for the request; whole milliseconds.
#pragma once

#include <optional>
#include <string_view>

#include "workload/haproxy_line.hpp"

namespace lbsim::workload {

struct RequestTimes {
  std::optional<double> total_s;   // at the proxy, with what it took to send
  std::optional<double> server_s;  // of the server alone
};

// `rest`: what follows the agent in a line of the combined format.
RequestTimes request_times_of(std::string_view rest);
RequestTimes request_times_of(const HaproxyLine& line);

}  // namespace lbsim::workload
