#include "metrics/node_stats.hpp"

#include <functional>

namespace lbsim {
namespace {

// Mean and busiest minute of one resource in the window: what is done after its end, for what was
// still in flight, is no use of that time. The last minute may be a part of one.
Utilization of_resource(const NodeStats& node, double simulated_s, std::string name,
                        const std::function<double(const NodeMinute&, double seconds)>& share) {
  Utilization result{std::move(name), 0, 0};
  for (std::size_t i = 0; i < node.minutes.size(); ++i) {
    const double rest = simulated_s - 60.0 * static_cast<double>(i);
    if (!(rest > 0)) break;
    const double length = std::min(rest, 60.0);
    const double busy = share(node.minutes[i], length);
    result.mean += busy * length / simulated_s;
    if (rest >= 1.0) result.peak = std::max(result.peak, busy);
  }
  return result;
}

}  // namespace

void NodeStats::close() {
  if (current_.minute_end_ps == 0) return;
  minutes.resize(static_cast<std::size_t>(current_.minute_end_ps / kMinutePs));
  NodeMinute& minute = minutes.back();
  const NodeMinute& counts = current_.counts;
  for (NodeMinute* sum : {&minute, &total}) {
    sum->requests += counts.requests;
    sum->bytes_in += counts.bytes_in;
    sum->bytes_out += counts.bytes_out;
    sum->work_s += counts.work_s;
    sum->queue_max = std::max(sum->queue_max, counts.queue_max);
    sum->connections_max = std::max(sum->connections_max, counts.connections_max);
  }
  current_.counts = {};
}

void NodeStats::turn(Time now) {
  close();
  current_.minute_end_ps = (to_ps(now) / kMinutePs + 1) * kMinutePs;
}

Utilization busiest_resource(const NodeStats& node, double simulated_s) {
  if (!(simulated_s > 0)) return {};
  Utilization best = of_resource(node, simulated_s, "cpu", [&](const NodeMinute& m, double s) {
    return m.work_s / (node.cores * s);
  });
  const auto consider = [&](Utilization other) {
    if (other.peak > best.peak) best = std::move(other);
  };
  if (node.nic_bytes_per_s > 0) {
    consider(of_resource(node, simulated_s, "nic_in", [&](const NodeMinute& m, double s) {
      return static_cast<double>(m.bytes_in) / (node.nic_bytes_per_s * s);
    }));
    consider(of_resource(node, simulated_s, "nic_out", [&](const NodeMinute& m, double s) {
      return static_cast<double>(m.bytes_out) / (node.nic_bytes_per_s * s);
    }));
  }
  if (node.connections_limit > 0) {
    consider(of_resource(node, simulated_s, "connections", [&](const NodeMinute& m, double) {
      return static_cast<double>(m.connections_max) / node.connections_limit;
    }));
  }
  return best;
}

}  // namespace lbsim
