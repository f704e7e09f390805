#include "site/faults.hpp"

#include <fmt/format.h>

#include "devices/kernels.hpp"

namespace lbsim {
namespace {

const char* text_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::crash:
      return "loses power";
    case FaultKind::stop:
      return "stops";
    case FaultKind::repair:
      return "is back";
    case FaultKind::slow:
      return "changes speed";
    case FaultKind::link_down:
      return "loses its link";
    case FaultKind::link_up:
      return "has its link back";
    case FaultKind::link_slow:
      return "changes link bandwidth";
    case FaultKind::errors:
      return "answers with errors";
    case FaultKind::errors_end:
      return "answers as it should";
    case FaultKind::keepalived_kill:
      return "loses all of keepalived";
    case FaultKind::keepalived_kill_parent:
      return "loses keepalived's parent process";
    case FaultKind::keepalived_kill_vrrp:
      return "loses keepalived's VRRP process";
    case FaultKind::keepalived_stop:
      return "stops keepalived";
    case FaultKind::keepalived_start:
      return "starts keepalived";
    case FaultKind::partition:
      return "is cut off from its tier";
    case FaultKind::partition_end:
      return "is no more cut off";
  }
  return "";
}

}  // namespace

template <class K>
void Faults<K>::start() {
  const auto& faults = this->world_.config.faults;
  for (std::uint32_t i = 0; i < faults.size(); ++i) {
    const Duration after = faults[i].at.time_since_epoch() - from_seconds(window_.start_s);
    if (after.count() < 0 || after >= from_seconds(window_.length_s)) {
      notes_.push_back(
          fmt::format("the fault of {} lies outside the simulated window", faults[i].node));
      continue;
    }
    this->world_.kernel.after(after, this->token(0, i));
  }
}

template <class K>
typename Faults<K>::Target Faults<K>::find(const std::string& name) const {
  for (const auto& tier : this->world_.tiers) {
    for (std::uint32_t node = 0; node < tier->size(); ++node) {
      if (name == tier->name() + '.' + std::to_string(node + 1)) return {tier.get(), node};
    }
  }
  return {};
}

template <class K>
void Faults<K>::apply(const FaultConfig& fault) {
  const Target target = find(fault.node);
  LBSIM_CHECK(target.tier != nullptr);
  Machine& machine = target.tier->machine(target.node);
  K& kernel = this->world_.kernel;
  switch (fault.kind) {
    case FaultKind::crash:
      return target.tier->set_power(target.node, Power::crashed);
    case FaultKind::stop:
      return target.tier->set_power(target.node, Power::stopped);
    case FaultKind::repair:
      return target.tier->set_power(target.node, Power::up);
    case FaultKind::slow:
      machine.speed = machine.full_speed * fault.factor;
      for (std::uint32_t i = 0; i < machine.cpus; ++i) {
        kernel.set_node_speed(machine.cpu(i), machine.speed);
      }
      return;
    case FaultKind::link_down:
      return target.tier->set_linked(target.node, false);
    case FaultKind::link_up:
      return target.tier->set_linked(target.node, true);
    case FaultKind::link_slow:
      if (!machine.has_nic) return;
      kernel.set_link_bandwidth(machine.nic_in, machine.nic_bytes_per_s * fault.factor);
      kernel.set_link_bandwidth(machine.nic_out, machine.nic_bytes_per_s * fault.factor);
      return;
    case FaultKind::errors:
    case FaultKind::errors_end:
      return target.tier->set_errors(target.node, fault.kind == FaultKind::errors);
    case FaultKind::keepalived_kill:
    case FaultKind::keepalived_kill_parent:
    case FaultKind::keepalived_kill_vrrp:
    case FaultKind::keepalived_stop:
    case FaultKind::keepalived_start:
    case FaultKind::partition:
    case FaultKind::partition_end:
      return target.tier->keepalived(target.node, fault.kind);
  }
}

template <class K>
void Faults<K>::on(int, kernel::Token token, kernel::Outcome) {
  const FaultConfig& fault = this->world_.config.faults[token.index];
  this->world_.recorder.event(this->now(), text_of(fault.kind), fault.node);
  apply(fault);
}

LBSIM_FOR_EACH_KERNEL(Faults)

}  // namespace lbsim
