// What machines tell the pools of the tier in front of them, for pools that ask for it:
//   probes     a trip there, the state as it is when the probe arrives, a trip back
//   intervals  each machine says its state to every pool, at a phase of its own
//   idle       a machine that has nothing left to do, or comes up, says so to one pool, drawn anew
//              each time (join idle queue: Lu et al., Performance Evaluation 68, 2011)
// Machines that are down say nothing, and pools of a machine that is down hear nothing; what was on
// its way to a pool that was lost with its machine is dropped.
#pragma once

#include <functional>
#include <vector>

#include "core/random.hpp"
#include "devices/world.hpp"

namespace lbsim {

struct PoolPlace {
  algorithms::Upstream* pool = nullptr;
  std::uint8_t epoch = 0;  // changes when the pool was lost and made anew
  bool up = true;
};

template <class K>
class Reports final : public Component<K> {
 public:
  using Find = std::function<PoolPlace(std::uint32_t)>;
  using Called = std::function<void(std::uint32_t)>;

  // Of `pools` pools, found by number; `called` is told of each that a report was given to.
  Reports(World<K>& world, Tier<K>& members, std::uint32_t pools, Find find, Called called,
          Random random);

  // Sends the probes that a pool wants.
  void ask(std::uint32_t pool) {
    const PoolPlace place = find_(pool);
    if (!place.pool->probes().empty()) send_probes(pool, place);
  }

  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  enum Kind { kProbe, kAnswer, kInterval };
  static constexpr std::uint32_t kEveryPool = kNone;

  struct Trip {
    std::uint32_t pool = 0;
    std::uint32_t member = 0;
    std::uint8_t epoch = 0;  // of the pool when it asked
    algorithms::Report report;
  };

  void send_probes(std::uint32_t pool, PoolPlace place);
  void send(int kind, const Trip& trip);
  void idle(std::uint32_t member);
  void tell(std::uint32_t pool, const Trip& trip);
  bool up(std::uint32_t member) { return members_.machine(member).power == Power::up; }

  Tier<K>& members_;
  std::uint32_t pools_;
  Find find_;
  Called called_;
  Random random_;
  algorithms::ReportWishes wishes_;
  std::vector<Trip> trips_;
  std::vector<std::uint32_t> free_;
};

}  // namespace lbsim
