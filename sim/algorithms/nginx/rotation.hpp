// Smooth weighted round robin in O(1). While all eligible peers have their full weight its picks
// are periodic (with period total / gcd of the weights, once the currents are on the cycle), so the
// sequence of one period is computed once and then stepped through. Whatever changes the eligible
// peers makes the rotation work out the currents at its place in the cycle and go on pick by pick,
// large pools by their turns (turns.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "algorithms/nginx/library.hpp"
#include "algorithms/nginx/peers.hpp"
#include "algorithms/nginx/turns.hpp"

namespace lbsim::algorithms::nginx {

// One period of picks, and the state it starts from and returns to.
struct Cycle {
  std::vector<std::int32_t> start;  // currents
  std::vector<std::int32_t> gain;   // per pick; 0 for peers that do not take part
  std::int32_t total = 0;           // sum of the gains
  std::vector<std::uint16_t> picks;
};

// The cycles that start from zero, by the gains: workers with the same configuration share one.
using CycleLibrary = Library<std::vector<std::int32_t>, Cycle>;

class Rotation {
 public:
  // The library must live as long.
  explicit Rotation(CycleLibrary* library) : library_(library) {}

  // True if pick() is a step in the cycle: any peer may be picked that is eligible.
  bool riding(const Peers& peers, Time now) const {
    return cycle_ && changes_ == peers.changes() && !peers.quarantine_over(now);
  }
  // The next pick; only while riding.
  PeerIndex ride() {
    const PeerIndex picked = cycle_->picks[place_];
    if (++place_ == cycle_->picks.size()) place_ = 0;
    return picked;
  }

  // The next pick among eligible peers that are not in `tried` (null: all of them); kNoPeer if
  // none.
  PeerIndex pick(Peers& peers, const Tried* tried, Time now);

  // Brings the currents in `peers` up to date; to be called before anyone else uses them. Ends the
  // turns.
  void materialise(Peers& peers);

  // Of a method that takes turns by load, and asks for no other picks while they are active.
  Turns& turns() { return turns_; }

 private:
  bool take_turns(Peers& peers);
  // Finds the cycle that the present currents are on, if it pays.
  void look_for_cycle(const Peers& peers);

  std::shared_ptr<const Cycle> cycle_;  // null while picking one by one
  std::uint32_t place_ = 0;
  std::uint32_t changes_ = 0;  // of the peers when the cycle was entered
  std::uint32_t wait_ = 0;     // picks to do before looking for a cycle
  Turns turns_;
  std::uint32_t turn_changes_ = 0;  // of the peers when the turns began
  std::uint32_t turn_wait_ = 0;     // picks to do before turns are tried
  CycleLibrary* library_;
};

}  // namespace lbsim::algorithms::nginx
