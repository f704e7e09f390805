// A virtual address on its own clock: which machine of a tier hears its packets, moved by
// keepalived.
#pragma once

#include "control/vrrp.hpp"
#include "devices/world.hpp"

namespace lbsim {

template <class K>
class Vip final : public Component<K> {
 public:
  // `phase` in [0, 1): where in its interval the first master's advertisement falls.
  Vip(World<K>& world, Tier<K>& tier, const VrrpConfig& config, double phase);

  // The machine that hears packets to the address, or kNobody while nobody does.
  int holder() const { return holder_; }
  const Vrrp& vrrp() const { return vrrp_; }
  void power_changed(std::uint32_t node);
  // A fault of the machine's keepalived, or of the way to the others of its tier.
  void keepalived(std::uint32_t node, FaultKind fault);

  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  struct Seen {
    Power process = Power::up;
    bool linked = true;
  };

  void changed();

  Tier<K>& tier_;
  Vrrp vrrp_;
  int holder_;
  std::vector<Seen> seen_;  // of each machine
  kernel::Handle pending_;
};

}  // namespace lbsim
