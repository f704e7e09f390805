// Lanes: streams of events that come in the order of their times. Each is a ring; a winner tree
// over the heads of the lanes (Knuth, TAOCP 3, 5.4.1) finds the first event of all of them. The
// nodes hold the heads themselves: what a match is played against is then known before its
// players are, and need not be waited for.
#pragma once

#include <cstdint>
#include <vector>

#include "core/check.hpp"
#include "kernel/kernel.hpp"
#include "kernel/native_heap.hpp"
#include "kernel/native_ring.hpp"

namespace lbsim::kernel {

struct LaneEvent {
  std::int64_t time_ps = 0;
  std::uint64_t order = 0;
  Token token;
};

class Lanes {
 public:
  Lanes() : tree_(2) {}

  std::uint32_t add() {
    lanes_.emplace_back();
    const auto lane = static_cast<std::uint32_t>(lanes_.size() - 1);
    if (lane >= leaves_) grow();
    return lane;
  }

  void post(std::uint32_t lane, const LaneEvent& event) {
    Lane& to = lanes_[lane];
    LBSIM_CHECK(event.time_ps >= to.last_ps);
    to.last_ps = event.time_ps;
    to.ring.push(event);
    if (to.ring.size() == 1) raise({{event.time_ps, event.order}, lane});
  }

  // Which lane comes first, and when; the date of the default entry when every lane is empty.
  std::uint32_t first() const { return tree_[1].lane; }
  const Entry& first_key() const { return tree_[1].head; }
  const LaneEvent& front(std::uint32_t lane) const { return lanes_[lane].ring.front(); }

  void pop(std::uint32_t lane) {
    lanes_[lane].ring.pop();
    replay(lane);
  }

  std::size_t size(std::uint32_t lane) const { return lanes_[lane].ring.size(); }
  std::size_t entries_held() const {
    std::size_t held = 0;
    for (const Lane& lane : lanes_) held += lane.ring.capacity();
    return held;
  }

  template <class Predicate>
  void erase_if(std::uint32_t lane, Predicate gone) {
    lanes_[lane].ring.erase_if(gone);
    replay(lane);
  }

 private:
  struct Lane {
    Ring<LaneEvent> ring;
    std::int64_t last_ps = 0;
  };
  struct Node {
    Entry head;
    std::uint32_t lane = 0;
  };

  // The lane's head has changed: play its matches again, up to the root. Who wins is as good as
  // random, so it is chosen by masks, without branches.
  void replay(std::uint32_t lane) {
    const Ring<LaneEvent>& ring = lanes_[lane].ring;
    Node best{ring.empty() ? Entry{} : Entry{ring.front().time_ps, ring.front().order}, lane};
    std::size_t node = lane + leaves_;
    tree_[node] = best;
    for (; node > 1; node >>= 1) {
      const Node& rival = tree_[node ^ 1];
      const std::uint64_t wins =
          0 - static_cast<std::uint64_t>(rival.head.rank() < best.head.rank());
      best.lane ^= (best.lane ^ rival.lane) & static_cast<std::uint32_t>(wins);
      best.head.key ^= (best.head.key ^ rival.head.key) & static_cast<std::int64_t>(wins);
      best.head.order ^= (best.head.order ^ rival.head.order) & wins;
      tree_[node >> 1] = best;
    }
  }

  // As replay, for a lane that was empty: where it loses, nothing above changes.
  void raise(const Node& leaf) {
    const Wide rank = leaf.head.rank();
    std::size_t node = leaf.lane + leaves_;
    tree_[node] = leaf;
    while ((node >>= 1) > 0 && (rank < tree_[node].head.rank() || tree_[node].lane == leaf.lane)) {
      tree_[node] = leaf;
    }
  }

  void grow() {
    leaves_ *= 2;
    tree_.assign(leaves_ * 2, {});
    for (std::uint32_t lane = 0; lane < leaves_; ++lane) {
      Node& leaf = tree_[leaves_ + lane];
      leaf.lane = lane;
      if (lane < lanes_.size() && !lanes_[lane].ring.empty()) {
        leaf.head = {lanes_[lane].ring.front().time_ps, lanes_[lane].ring.front().order};
      }
    }
    for (std::size_t node = leaves_ - 1; node > 0; --node) {
      const Node& a = tree_[node * 2];
      const Node& b = tree_[node * 2 + 1];
      tree_[node] = b.head.rank() < a.head.rank() ? b : a;
    }
  }

  std::vector<Lane> lanes_;
  std::size_t leaves_ = 1;  // a power of two
  std::vector<Node> tree_;  // tree_[1] has won all; the leaf of lane i is tree_[leaves_ + i]
};

}  // namespace lbsim::kernel
