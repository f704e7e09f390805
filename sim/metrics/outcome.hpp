// How a request can end. Every generated request ends in exactly one of these.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace lbsim {

enum class RequestOutcome : std::uint8_t {
  ok,
  timeout,          // the client's deadline passed, or the user gave up
  refused,          // connection refused, or a backlog or connection limit was full
  no_server,        // a balancer had no server to offer
  server_error,     // an answer with status 5xx
  rate_limited,     // 503 by a limit of requests or connections
  connection_lost,  // reset after the connection was made
  dns,              // no address
  unfinished,       // still running when the simulated time ended
  denied,           // an answer with status 4xx, by a rule
};

inline constexpr std::size_t kOutcomes = 10;

// Names as in the contract's JSON.
inline constexpr std::array<std::string_view, kOutcomes> kOutcomeNames = {
    "ok",           "timeout",         "refused", "no_server",  "server_error",
    "rate_limited", "connection_lost", "dns",     "unfinished", "denied"};

}  // namespace lbsim
