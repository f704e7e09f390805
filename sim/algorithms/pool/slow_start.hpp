// Slow start around any rule: a member that has come back gets a part of its share that grows with
// the time since, as F5's slow ramp time does ("the amount of traffic is based on the ratio of how
// long the pool member has been available compared to the slow ramp time", BIG-IP LTM pools).
//
// What is limited is the outcome, not the weight, so that it holds for rules without weights: with
// f the part of the ramp that is over and w of W the weight, each pick of the pool earns the member
// f w / W, and it may be picked when it has earned a whole one.
#pragma once

#include <vector>

#include "algorithms/pool/members.hpp"
#include "core/time.hpp"

namespace lbsim::algorithms::pool {

class SlowStart {
 public:
  // By server; zero: at full share at once.
  explicit SlowStart(std::vector<Duration> lengths);

  bool idle() const { return ramping_.empty(); }
  bool allows(ServerId s) const { return !ramps_[s].on || ramps_[s].earned >= 1; }

  // The member has become available.
  void begin(ServerId s, Time now);
  // A request is about to be picked for.
  void earn(const Members& members, Time now);
  // The member was picked.
  void spend(ServerId s) {
    if (ramps_[s].on && ramps_[s].earned >= 1) ramps_[s].earned -= 1;
  }

 private:
  struct Ramp {
    bool on = false;
    Time begin{};
    double earned = 0;
  };
  std::vector<Duration> lengths_;
  std::vector<Ramp> ramps_;
  std::vector<ServerId> ramping_;
};

}  // namespace lbsim::algorithms::pool
