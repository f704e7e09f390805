// One line of an Apache or nginx access log in the common or the combined format:
//
//   host ident user [dd/Mon/yyyy:HH:MM:SS +zzzz] "request" status bytes
//   host ident user [dd/Mon/yyyy:HH:MM:SS +zzzz] "request" status bytes "referer" "agent" ...
//
// (Apache, mod_log_config, "Access Log"; nginx, ngx_http_log_module, "combined"). Single spaces
// part the fields; the user may hold spaces; more fields may follow the agent.
//
// strict:  inside quotes a backslash escapes the next character and a bare quote ends the field.
// lenient: the same, but the request may hold bare quotes: it reaches up to the last `" ddd bytes`
//          of the line. NCSA servers and old Apaches logged requests as they came.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lbsim::workload {

enum class Grammar { kNone, kStrict, kLenient };  // kLenient: lenient and not strict

struct CommonLine {
  std::string_view host, ident, user;
  std::string_view utc_offset;  // "+0800", as printed
  std::string_view request;     // between the quotes, escapes as they stand
  int status = 0;
  std::optional<std::uint64_t> bytes;  // none for "-"; beyond 64 bits: the largest number
  bool combined = false;               // only then the next three
  std::string_view referer, agent, rest;
  // UTC. None if the date is impossible (no such month, year 0000): the line is then invalid.
  std::optional<std::int64_t> time_s;
};

// Takes `line` (without its line end) apart; views point into it. With kNone `parsed` is undefined.
Grammar match_common(std::string_view line, CommonLine& parsed);

struct RequestLine {
  std::string_view method;  // empty unless the first of several words is all capitals
  std::string_view target;
  std::string_view protocol;  // empty unless the last of several words starts with "HTTP/"
};

// "GET /index.html HTTP/1.0" in parts. A request without protocol (HTTP/0.9) keeps its target; one
// that is no HTTP at all is all target.
RequestLine split_request(std::string_view request);

}  // namespace lbsim::workload
