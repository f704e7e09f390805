// What a node did, in total and minute by minute. Devices report; nothing here acts back.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace lbsim {

struct NodeMinute {
  std::uint64_t requests = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  double work_s = 0;  // seconds of one core
  std::uint32_t queue_max = 0;
  std::uint32_t connections_max = 0;
};

// One node's counters. Rates are over `cores` cores and the card's bytes/s (0: no limit). What is
// counted goes to the current minute, one cache line, and from there to `total` and `minutes` when
// the minute is over; close() ends the last one.
class NodeStats {
  struct alignas(64) Current {
    std::int64_t minute_end_ps = 0;
    NodeMinute counts;
  };

 public:
  std::string name;
  std::string tier;
  std::string kind;
  int cores = 1;
  double nic_bytes_per_s = 0;
  std::uint32_t connections_limit = 0;

  NodeMinute total;
  std::vector<NodeMinute> minutes;  // from the start of the simulated window

  void request(Time now) { ++minute(now).requests; }
  // A request that brings work and bytes, and finds a queue that is `queue` long with it.
  void request(Time now, double work_s, std::uint64_t in, std::uint64_t out, std::uint32_t queue) {
    NodeMinute& m = minute(now);
    ++m.requests;
    m.work_s += work_s;
    m.bytes_in += in;
    m.bytes_out += out;
    m.queue_max = std::max(m.queue_max, queue);
  }
  void work(Time now, double seconds) { minute(now).work_s += seconds; }
  void bytes(Time now, std::uint64_t in, std::uint64_t out) {
    NodeMinute& m = minute(now);
    m.bytes_in += in;
    m.bytes_out += out;
  }
  void queue(Time now, std::uint32_t length) {
    NodeMinute& m = minute(now);
    m.queue_max = std::max(m.queue_max, length);
  }
  void connections(Time now, std::uint32_t open) {
    NodeMinute& m = minute(now);
    m.connections_max = std::max(m.connections_max, open);
  }
  void close();

 private:
  static constexpr std::int64_t kMinutePs = 60'000'000'000'000;

  NodeMinute& minute(Time now) {
    if (to_ps(now) >= current_.minute_end_ps) turn(now);
    return current_.counts;
  }
  void turn(Time now);

  Current current_;
};

// Which of a node's resources is the busiest, and how busy.
struct Utilization {
  std::string of = "cpu";  // cpu, workers, nic_in, nic_out, connections
  double mean = 0;
  double peak = 0;  // its busiest minute
};

Utilization busiest_resource(const NodeStats& node, double simulated_s);

}  // namespace lbsim
