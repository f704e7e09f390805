#include "kernel/native.hpp"

namespace lbsim::kernel {

static_assert(Kernel<NativeKernel>);

Cancelled NativeKernel::cancel(Handle handle) {
  if (!core_.items.pending(handle)) return {};
  const std::uint32_t slot = handle.slot;
  Item& item = core_.items[slot];
  double remaining = item.amount;
  switch (item.state) {
    case State::served:
    case State::job:
      remaining = stations_.remove(slot);
      break;
    case State::sharing:
    case State::latency:
    case State::flying:
      remaining = network_.remove(slot);
      break;
    case State::timer:
      remaining = static_cast<double>(item.time_ps - core_.now_ps) * 1e-12;
      break;
    default:
      break;
  }
  core_.undate(slot);
  core_.items.release(slot);
  return {true, remaining};
}

void NativeKernel::set_node_up(NodeId node, bool up) {
  const auto id = static_cast<std::uint32_t>(node);
  if (stations_.is_up(id) == up) return;
  stations_.set_up(id, up);
  network_.set_node_up(id, up);
}

// Time goes on to the first alarm. All alarms of that date are heard before any of them changes how
// anything is shared, so that it does not matter which comes first.
bool NativeKernel::collect() {
  if (core_.alarms.first_ps() == kNeverPs) return false;
  core_.now_ps = core_.alarms.first_ps();
  while (core_.alarms.first_ps() <= core_.now_ps) {
    const std::uint32_t alarm = core_.alarms.first();
    if (network_.shares().has_alarm(alarm)) {
      network_.shares().collect(network_.shares().link_of(alarm));
    } else {
      stations_.collect(stations_.node_of(alarm));
    }
  }
  return true;
}

}  // namespace lbsim::kernel
