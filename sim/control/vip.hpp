// A virtual address on its own clock: which machine of a tier holds it, moved by VRRP.
#pragma once

#include "control/vrrp.hpp"
#include "devices/world.hpp"

namespace lbsim {

template <class K>
class Vip final : public Component<K> {
 public:
  // `phase` in [0, 1): where in its interval the first master's advertisement falls.
  Vip(World<K>& world, Tier<K>& tier, const VrrpConfig& config, double phase);

  // The machine that answers to the address, or kNobody while nobody does.
  int holder() const { return vrrp_.holder(); }
  void power_changed(int node);

  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  void expect(std::optional<Vrrp::Takeover> takeover);

  Tier<K>& tier_;
  Vrrp vrrp_;
  kernel::Handle pending_;
};

}  // namespace lbsim
