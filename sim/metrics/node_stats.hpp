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

// One node's counters. Rates are over `cores` cores and the card's bytes/s (0: no limit).
class NodeStats {
 public:
  std::string name;
  std::string tier;
  std::string kind;
  int cores = 1;
  double nic_bytes_per_s = 0;
  std::uint32_t connections_limit = 0;

  NodeMinute total;
  std::vector<NodeMinute> minutes;  // from the start of the simulated window

  void request(Time now) {
    ++total.requests;
    ++minute(now).requests;
  }
  void work(Time now, double seconds) {
    total.work_s += seconds;
    minute(now).work_s += seconds;
  }
  void bytes(Time now, std::uint64_t in, std::uint64_t out) {
    total.bytes_in += in;
    total.bytes_out += out;
    NodeMinute& m = minute(now);
    m.bytes_in += in;
    m.bytes_out += out;
  }
  void queue(Time now, std::uint32_t length) {
    if (length <= minute(now).queue_max) return;
    minute(now).queue_max = length;
    total.queue_max = std::max(total.queue_max, length);
  }
  void connections(Time now, std::uint32_t open) {
    if (open <= minute(now).connections_max) return;
    minute(now).connections_max = open;
    total.connections_max = std::max(total.connections_max, open);
  }

 private:
  static constexpr std::int64_t kMinutePs = 60'000'000'000'000;

  NodeMinute& minute(Time now) {
    if (to_ps(now) >= minute_end_ps_ || minutes.empty()) turn(now);
    return minutes.back();
  }
  void turn(Time now) {
    const auto index = static_cast<std::size_t>(to_ps(now) / kMinutePs);
    minutes.resize(index + 1);
    minute_end_ps_ = static_cast<std::int64_t>(index + 1) * kMinutePs;
  }

  std::int64_t minute_end_ps_ = 0;
};

// Which of a node's resources is the busiest, and how busy.
struct Utilization {
  std::string of = "cpu";  // cpu, workers, nic_in, nic_out, connections
  double mean = 0;
  double peak = 0;  // its busiest minute
};

Utilization busiest_resource(const NodeStats& node, double simulated_s);

}  // namespace lbsim
