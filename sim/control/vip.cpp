#include "control/vip.hpp"

#include "devices/kernels.hpp"

namespace lbsim {
namespace {

const char* text_of(Vrrp::What what) {
  switch (what) {
    case Vrrp::What::takes:
      return "takes the virtual address";
    case Vrrp::What::drops:
      return "drops the virtual address";
    case Vrrp::What::is_asked:
      return "hears the virtual address again";
  }
  return "";
}

}  // namespace

template <class K>
Vip<K>::Vip(World<K>& world, Tier<K>& tier, const VrrpConfig& config, double phase)
    : Component<K>(world),
      tier_(tier),
      vrrp_(config, kTimeZero - from_seconds(phase * to_seconds(config.advert_interval))),
      holder_(vrrp_.holder()),
      seen_(config.priorities.size()) {}

template <class K>
void Vip<K>::changed() {
  for (const Vrrp::Change& change : vrrp_.take_changes()) {
    this->world_.recorder.event(this->now(), text_of(change.what),
                                tier_.name() + '.' + std::to_string(change.node + 1));
  }
  if (pending_) this->world_.kernel.cancel(pending_);
  pending_ = {};
  if (const auto next = vrrp_.next()) {
    const Duration wait = std::max(*next - this->now(), Duration{0});
    pending_ = this->world_.kernel.after(wait, this->token(0, 0));
  }
  if (vrrp_.holder() == holder_) return;
  holder_ = vrrp_.holder();
  tier_.address_moved();
}

template <class K>
void Vip<K>::power_changed(std::uint32_t node) {
  const Machine& machine = tier_.machine(node);
  const auto n = static_cast<int>(node);
  const Seen before = seen_[node];
  seen_[node] = {machine.process, machine.linked};
  if (machine.linked != before.linked) vrrp_.link_changed(n, machine.linked, this->now());
  if (machine.process != before.process) {
    switch (machine.process) {
      case Power::up:
        vrrp_.returned(n, this->now());
        break;
      case Power::stopped:
        vrrp_.stopped(n, this->now());
        break;
      case Power::crashed:
        vrrp_.crashed(n, this->now());
        break;
    }
  }
  changed();
}

template <class K>
void Vip<K>::keepalived(std::uint32_t node, FaultKind fault) {
  const auto n = static_cast<int>(node);
  switch (fault) {
    case FaultKind::keepalived_kill:
      vrrp_.killed(n, this->now());
      break;
    case FaultKind::keepalived_kill_vrrp:
      vrrp_.child_killed(n, this->now());
      break;
    case FaultKind::keepalived_kill_parent:  // its children end in good order then
    case FaultKind::keepalived_stop:
      vrrp_.ended(n, this->now());
      break;
    case FaultKind::keepalived_start:
      vrrp_.started(n, this->now());
      break;
    case FaultKind::partition:
    case FaultKind::partition_end:
      vrrp_.cut(n, fault == FaultKind::partition, this->now());
      break;
    default:
      LBSIM_CHECK(!"a fault of keepalived");
  }
  changed();
}

template <class K>
void Vip<K>::on(int, kernel::Token, kernel::Outcome) {
  pending_ = {};
  vrrp_.happen(this->now());
  changed();
}

LBSIM_FOR_EACH_KERNEL(Vip)

}  // namespace lbsim
