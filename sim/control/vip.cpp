#include "control/vip.hpp"

#include "devices/kernels.hpp"

namespace lbsim {

template <class K>
Vip<K>::Vip(World<K>& world, Tier<K>& tier, const VrrpConfig& config, double phase)
    : Component<K>(world),
      tier_(tier),
      vrrp_(config, kTimeZero - from_seconds(phase * to_seconds(config.advert_interval))) {}

template <class K>
void Vip<K>::expect(std::optional<Vrrp::Takeover> takeover) {
  if (pending_) this->world_.kernel.cancel(pending_);
  pending_ = {};
  if (!takeover) return;
  const Duration wait = std::max(takeover->at - this->now(), Duration{0});
  pending_ = this->world_.kernel.after(
      wait, this->token(0, static_cast<std::uint32_t>(takeover->node)));
}

template <class K>
void Vip<K>::power_changed(int node) {
  switch (tier_.machine(static_cast<std::uint32_t>(node)).power) {
    case Power::up: return expect(vrrp_.returned(node, this->now()));
    case Power::stopped: return expect(vrrp_.stopped(node, this->now()));
    case Power::crashed: return expect(vrrp_.crashed(node, this->now()));
  }
}

template <class K>
void Vip<K>::on(int, kernel::Token token, kernel::Outcome) {
  pending_ = {};
  const auto node = static_cast<int>(token.index);
  expect(vrrp_.taken(node, this->now()));
  this->world_.recorder.event(this->now(), "takes the virtual address",
                              tier_.name() + '.' + std::to_string(node + 1));
  tier_.address_moved();
}

LBSIM_FOR_EACH_KERNEL(Vip)

}  // namespace lbsim
