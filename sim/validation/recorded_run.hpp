// A recorded run of a real balancer over loopback, as tests/data/e2e/SCHEMA.md describes it: what a
// client sent, what the servers had to do, and what came of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "algorithms/upstream.hpp"

namespace lbsim::validation {

inline constexpr std::int64_t kUnknown = -1;

struct RecordedServer {
  std::string name;
  int slots = 1;
  double speed = 1;
  int weight = 1;
  std::optional<std::uint32_t> backlog;  // none: no limit
  int maxconn = 0;                       // 0: no limit
};

// All times in microseconds since t = 0, but those after the send: since then. kUnknown where it
// was not seen.
struct RecordedRequest {
  std::int64_t sent_us = 0;
  std::int64_t service_us = 0;  // at speed 1
  algorithms::Address client;
  std::int64_t server = kUnknown;  // the last that had it
  std::int64_t status = 0;         // 0: no response
  std::int64_t latency_us = 0;
  std::int64_t picked_us = kUnknown;        // the balancer read it
  std::int64_t answered_us = kUnknown;      // the balancer read the last part of the response
  std::vector<algorithms::ServerId> tried;  // in order; empty: `server` alone
};

struct RecordedFault {
  std::int64_t at_us = 0;
  std::size_t server = 0;
  bool closed = true;  // else it listens again
};

struct RecordedChecks {
  std::int64_t interval_us = 0;  // 0: none
  int fall = 3;
  int rise = 2;
  std::vector<std::vector<std::int64_t>> answered_us;  // by server, in order
};

// Mean times on the way, in microseconds: all that a request takes besides waiting and service.
struct Overhead {
  double client_us = 0;  // client to balancer, and back: the mean of both ways
  double server_us = 0;  // balancer to server with the balancer's own time, and back: the mean
  double queue_us = 0;   // more, of the balancer's time, for a request that waited in its queue
};

struct RecordedRun {
  std::string file;
  std::string name;
  std::string plan;  // the name that its repetitions share
  bool repeated = false;
  bool haproxy = false;
  std::string algorithm;
  std::map<std::string, std::string> parameters;  // of the algorithm
  int max_fails = 1;
  int fail_timeout_s = 10;
  std::optional<std::uint32_t> random_seed;  // nginx's srandom()
  bool bursty = false;
  std::int64_t second_phase_us = 0;  // of the wall clock's second at t = 0
  bool stamped = false;              // picked_us and answered_us are known
  std::vector<RecordedServer> servers;
  std::vector<RecordedRequest> requests;  // in the order of their sending
  std::vector<RecordedFault> faults;
  RecordedChecks checks;
  Overhead overhead;

  bool queues() const;                  // at the balancer
  std::int64_t first_fault_us() const;  // INT64_MAX: none
};

// Throws InputError naming the file and the field that is missing or cannot be.
RecordedRun read_run(const std::string& path);

}  // namespace lbsim::validation
