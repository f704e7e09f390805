// Lanes: streams of events that come in the order of their times. Each is a ring; a winner tree
// over the heads of the lanes (Knuth, TAOCP 3, 5.4.1) finds the first event of all of them.
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
  Lanes() : keys_(1), winners_(2) {}

  std::uint32_t add() {
    lanes_.emplace_back();
    const auto lane = static_cast<std::uint32_t>(lanes_.size() - 1);
    if (lane >= keys_.size()) grow();
    return lane;
  }

  void post(std::uint32_t lane, const LaneEvent& event) {
    Lane& to = lanes_[lane];
    LBSIM_CHECK(event.time_ps >= to.last_ps);
    to.last_ps = event.time_ps;
    to.ring.push(event);
    if (to.ring.size() == 1) {
      keys_[lane] = {event.time_ps, event.order};
      raise(lane);
    }
  }

  // Which lane comes first; its key is the last of all when every lane is empty.
  std::uint32_t first() const { return winners_[1]; }
  const Entry& key(std::uint32_t lane) const { return keys_[lane]; }
  const LaneEvent& front(std::uint32_t lane) const { return lanes_[lane].ring.front(); }

  void pop(std::uint32_t lane) {
    Ring<LaneEvent>& ring = lanes_[lane].ring;
    ring.pop();
    rekey(lane);
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
    rekey(lane);
    replay(lane);
  }

 private:
  struct Lane {
    Ring<LaneEvent> ring;
    std::int64_t last_ps = 0;
  };

  void rekey(std::uint32_t lane) {
    const Ring<LaneEvent>& ring = lanes_[lane].ring;
    keys_[lane] = ring.empty() ? Entry{} : Entry{ring.front().time_ps, ring.front().order};
  }

  // The lane's head has changed: play its matches again, up to the root. Who wins is as good as
  // random, so it is chosen by masks, without branches.
  void replay(std::uint32_t lane) {
    std::uint32_t winner = lane;
    Entry best = keys_[lane];
    for (std::size_t node = lane + keys_.size(); node > 1; node >>= 1) {
      const std::uint32_t rival = winners_[node ^ 1];
      const Entry other = keys_[rival];
      const std::uint64_t wins = 0 - static_cast<std::uint64_t>(other.rank() < best.rank());
      winner ^= (winner ^ rival) & static_cast<std::uint32_t>(wins);
      best.key ^= (best.key ^ other.key) & static_cast<std::int64_t>(wins);
      best.order ^= (best.order ^ other.order) & wins;
      winners_[node >> 1] = winner;
    }
  }

  // As replay, for a lane that was empty: where it loses, nothing above changes.
  void raise(std::uint32_t lane) {
    const Wide rank = keys_[lane].rank();
    for (std::size_t node = (lane + keys_.size()) >> 1; node > 0; node >>= 1) {
      if (winners_[node] != lane && keys_[winners_[node]].rank() < rank) return;
      winners_[node] = lane;
    }
  }

  void grow() {
    keys_.resize(keys_.size() * 2);
    winners_.assign(keys_.size() * 2, 0);
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      winners_[keys_.size() + i] = static_cast<std::uint32_t>(i);
    }
    for (std::size_t node = keys_.size() - 1; node > 0; --node) {
      const std::uint32_t a = winners_[node * 2];
      const std::uint32_t b = winners_[node * 2 + 1];
      winners_[node] = keys_[b].rank() < keys_[a].rank() ? b : a;
    }
  }

  std::vector<Lane> lanes_;
  std::vector<Entry> keys_;  // of the lanes' heads; a power of two of them
  std::vector<std::uint32_t>
      winners_;  // winners_[1] has won all; leaf i stands at keys_.size() + i
};

}  // namespace lbsim::kernel
