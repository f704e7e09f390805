// The usable server that is least by some rule, the first in the list where several are.
//
// Rule::better(a, b) says whether `a` is to be taken although `b` comes before it in the list. It
// must be a strict weak order (products of integers compared crosswise are one), so that a
// tournament over the positions of the list has the same winner as a scan from its front. The scan
// costs O(servers) per pick; the tournament O(log servers) per change of a counter and nothing per
// pick.
#pragma once

#include <bit>
#include <vector>

#include "algorithms/ipvs/scheduler.hpp"

namespace lbsim::algorithms::ipvs {

template <class Rule>
ServerId scan_least(const ServerList& servers) {
  ServerId least = kNoServer;
  for (const ServerId id : servers.order()) {
    if (!servers[id].usable()) continue;
    if (least == kNoServer || Rule::better(servers[id], servers[least])) least = id;
  }
  return least;
}

template <class Rule>
class LeastScheduler : public Scheduler {
 public:
  explicit LeastScheduler(const SchedulerSetup& setup) : servers_(setup.servers) {}

  ServerId pick(const Flow&, Tick) override {
    if (!follows_load()) return scan_least<Rule>(servers_);
    if (stale_) build();
    return winners_[1];
  }

  void added() override { stale_ = true; }
  void removed(std::size_t) override { stale_ = true; }
  void edited(ServerId id) override { load_changed(id); }

  // A scan of a few servers is faster than keeping a tournament.
  bool follows_load() const override { return servers_.order().size() > kScanMost; }

  void load_changed(ServerId id) override {
    if (stale_ || !servers_[id].listed) return;
    std::size_t node = leaves_ + position_[id];
    winners_[node] = servers_[id].usable() ? id : kNoServer;
    while (node > 1) {
      node /= 2;
      const ServerId before = winners_[node];
      winners_[node] = winner(winners_[2 * node], winners_[2 * node + 1]);
      if (before != id && winners_[node] != id) return;  // nothing changes further up
    }
  }

 protected:
  const ServerList& servers_;

 private:
  static constexpr std::size_t kScanMost = 16;

  ServerId winner(ServerId left, ServerId right) const {
    if (right == kNoServer) return left;
    if (left == kNoServer) return right;
    return Rule::better(servers_[right], servers_[left]) ? right : left;
  }

  void build() {
    leaves_ = std::bit_ceil(servers_.order().size());
    winners_.assign(2 * leaves_, kNoServer);
    position_.assign(servers_.size(), 0);
    std::uint32_t position = 0;
    for (const ServerId id : servers_.order()) {
      position_[id] = position;
      if (servers_[id].usable()) winners_[leaves_ + position] = id;
      ++position;
    }
    for (std::size_t node = leaves_ - 1; node >= 1; --node) {
      winners_[node] = winner(winners_[2 * node], winners_[2 * node + 1]);
    }
    stale_ = false;
  }

  std::vector<ServerId> winners_;        // node 1 is the root, the children of n are 2n and 2n + 1
  std::vector<std::uint32_t> position_;  // in the list, by id
  std::size_t leaves_ = 0;
  bool stale_ = true;
};

}  // namespace lbsim::algorithms::ipvs
