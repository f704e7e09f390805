#include "metrics/recorder.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace lbsim {

NodeStats& Recorder::add_node(std::string name, std::string tier, std::string kind, int cores,
                              double nic_bytes_per_s) {
  NodeStats& node = nodes_.emplace_back();
  node.name = std::move(name);
  node.tier = std::move(tier);
  node.kind = std::move(kind);
  node.cores = cores;
  node.nic_bytes_per_s = nic_bytes_per_s;
  return node;
}

std::size_t Recorder::add_pool(PoolStats pool) {
  pool.picks.assign(pool.members.size(), 0);
  pools_.push_back(std::move(pool));
  return pools_.size() - 1;
}

void Recorder::record_windows(Time from, Duration length, std::size_t count) {
  windows_.resize(count);
  windows_from_ = from;
  window_length_ = length;
}

void Recorder::ended_in_window(RequestOutcome outcome, Time asked, Time now) {
  if (asked < windows_from_) return;
  const auto number = static_cast<std::size_t>((asked - windows_from_) / window_length_);
  WindowCounts& window = windows_[std::min(number, windows_.size() - 1)];
  ++window.ended;
  if (outcome == RequestOutcome::ok) window.latency.add(now - asked);
}

void Recorder::close() {
  for (NodeStats& node : nodes_) node.close();
  if (timeline_) timeline_->close();
}

std::uint64_t Recorder::ended_count() const {
  return std::accumulate(outcomes_.begin(), outcomes_.end(), std::uint64_t{0});
}

}  // namespace lbsim
