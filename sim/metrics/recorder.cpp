#include "metrics/recorder.hpp"

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

void Recorder::close() {
  for (NodeStats& node : nodes_) node.close();
  if (timeline_) timeline_->close();
}

std::uint64_t Recorder::ended_count() const {
  return std::accumulate(outcomes_.begin(), outcomes_.end(), std::uint64_t{0});
}

}  // namespace lbsim
