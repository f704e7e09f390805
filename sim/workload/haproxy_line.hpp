// One line of an HAProxy log in the HTTP or TCP format (HAProxy Configuration Manual, section 8.2,
// "Log formats"), found after "haproxy[PID]: " wherever that stands in the line:
//
//   client:port [date] frontend backend/server Tq/Tw/Tc/Tr/Tt status bytes cookie cookie state
//     actconn/feconn/beconn/srvconn/retries srvqueue/backendqueue {captured} {captured} "request"
//   client:port [date] frontend backend/server Tw/Tc/Tt bytes state (the same five)/(the same two)
//
// Starts, stops, handshake failures and other notices match neither.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lbsim::workload {

enum class HaproxyKind { kOther, kHttp, kTcp };

struct HaproxyLine {
  std::string_view client;  // address; IPv6 without brackets or as logged
  std::string_view client_port;
  std::string_view date;      // accept date as logged, may be empty
  std::string_view frontend;  // with the "~" that marks TLS
  std::string_view backend, server;
  std::array<std::string_view, 5>
      timers;                    // as logged: "-1" = phase not reached, "+" = still running
  std::string_view status;       // three digits or "-1"; TCP: empty
  std::string_view bytes;        // "+" in front: still running
  std::string_view termination;  // "----", "cR--", "SC"
  std::string_view connections;  // actconn/feconn/beconn/srvconn/retries
  std::string_view server_queue, backend_queue;
  std::string_view request;  // between the quotes; empty if there is none
  // Accept date in milliseconds since 1970, its local clock taken as UTC (the format prints no
  // offset). None if the date is empty or impossible.
  std::optional<std::int64_t> accepted_ms;

  // A timer in milliseconds: Tq Tw Tc Tr Tt (TCP: Tw Tc Tt). None if the phase was not reached.
  std::optional<std::int64_t> timer_ms(std::size_t index) const;
};

// Takes `line` (without its line end) apart; views point into it. kOther leaves `parsed` undefined.
HaproxyKind match_haproxy(std::string_view line, HaproxyLine& parsed);

}  // namespace lbsim::workload
