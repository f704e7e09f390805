#include "kernel/native.hpp"

namespace lbsim::kernel {

static_assert(Kernel<NativeKernel>);

Cancelled NativeKernel::cancel(Handle handle) {
  if (!core_.items.pending(handle)) return {};
  const std::uint32_t slot = handle.slot;
  Item& item = core_.items[slot];
  const std::uint64_t state = item.state;
  double remaining = item.amount;
  if (state == kTimer) {
    remaining =
        static_cast<double>(std::bit_cast<std::int64_t>(item.amount) - core_.now_ps) * 1e-12;
    item.state = kFree;
    core_.timers.abandon([&](const Entry& e) { return core_.items.is(e.order, kTimer); });
  } else if (state <= kJob || state == kJobDone) {
    remaining = stations_.remove(slot);
  } else if (state <= kSharing) {
    remaining = network_.remove(slot);
  }
  if (state >= kJobDone) {
    item.state = kFree;
    core_.due.abandon([&](const Entry& e) { return core_.items.is(e.order, kJobDone, kBroken); });
  }
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
