// The kernel for page-view scale. Whatever has a date is in the agenda, in the order (date, number
// of the model's call). What shares (links, processor sharing stations) has alarms beside it: an
// alarm is no event, it makes due what has ended, before any event of its date is told.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>

#include "core/check.hpp"
#include "kernel/kernel.hpp"
#include "kernel/native_core.hpp"
#include "kernel/native_network.hpp"
#include "kernel/native_stations.hpp"

namespace lbsim::kernel {

class NativeKernel {
 public:
  NativeKernel() : stations_(core_), network_(core_, stations_) {}
  NativeKernel(const NativeKernel&) = delete;
  NativeKernel& operator=(const NativeKernel&) = delete;

  Time now() const { return Time{Duration{core_.now_ps}}; }

  NodeId add_node(const NodeSpec& spec) { return NodeId{stations_.add(spec)}; }
  LinkId add_link(const LinkSpec& spec) { return LinkId{network_.add_link(spec)}; }
  RouteId add_route(NodeId from, NodeId to, std::span<const LinkId> links, Duration latency) {
    return RouteId{network_.add_route(from, to, links, latency)};
  }
  LaneId add_lane() { return LaneId{}; }  // the agenda needs none

  void post(LaneId, Time at, Token token) {
    LBSIM_CHECK(to_ps(at) >= core_.now_ps);
    core_.date(core_.items.create(token, State::event, 0, 0), to_ps(at));
  }

  Handle after(Duration delay, Token token) {
    LBSIM_CHECK(delay.count() >= 0 && delay.count() < kNeverPs - core_.now_ps);
    const std::uint32_t slot = core_.items.create(token, State::timer, 0, 0);
    core_.date(slot, core_.now_ps + delay.count());
    return core_.items.handle(slot);
  }
  Handle send(RouteId route, double bytes, Token token) {
    return core_.items.handle(network_.send(static_cast<std::uint32_t>(route), bytes, token));
  }
  Handle exec(NodeId node, double work, Token token, Duration then = {}) {
    return core_.items.handle(
        stations_.exec(static_cast<std::uint32_t>(node), work, token, then.count()));
  }
  Cancelled cancel(Handle handle);

  void set_node_up(NodeId node, bool up);
  void set_node_speed(NodeId node, double speed) {
    stations_.set_speed(static_cast<std::uint32_t>(node), speed);
  }
  void set_link_up(LinkId link, bool up) {
    network_.set_link_up(static_cast<std::uint32_t>(link), up);
  }
  void set_link_bandwidth(LinkId link, double bytes_per_s) {
    network_.set_link_bandwidth(static_cast<std::uint32_t>(link), bytes_per_s);
  }
  bool is_up(NodeId node) const { return stations_.is_up(static_cast<std::uint32_t>(node)); }
  std::uint32_t queue_length(NodeId node) {
    return stations_.jobs(static_cast<std::uint32_t>(node));
  }

  void stop() { stopped_ = true; }

  // Until nothing is pending, or stop(). May be called again to go on.
  template <class Sink>
  void run(Sink& sink) {
    stopped_ = false;
    sink.start();
    while (!stopped_ && step(sink)) {
    }
  }

  // For tests: bytes/s that a transfer past its latency gets, once time has gone on.
  double rate(Handle transfer) const { return network_.shares().rate(transfer.slot); }
  // For tests: what the slab, the heaps and the rings have room for.
  std::size_t entries_held() const {
    return core_.items.size() + core_.agenda.capacity() + stations_.entries_held() +
           network_.shares().entries_held();
  }

 private:
  template <class Sink>
  bool step(Sink& sink) {
    const std::uint32_t slot = core_.agenda.first();
    const std::int64_t time_ps = slot == kNoSlot ? kNeverPs : core_.items[slot].time_ps;
    if (time_ps > core_.now_ps && !may_go_on(time_ps)) return true;
    if (slot == kNoSlot) return false;
    core_.agenda.pop(slot);
    core_.now_ps = time_ps;
    take(sink, slot);
    return true;
  }

  // False: at this date or before it, something that shares has ended, which is due first.
  bool may_go_on(std::int64_t time_ps) {
    if (!network_.shares().settled()) {
      network_.shares().settle();  // which may move what was first
      return false;
    }
    if (core_.alarms.first_ps() > time_ps) return true;
    return !collect();
  }

  template <class Sink>
  void take(Sink& sink, std::uint32_t slot) {
    const Item& item = core_.items[slot];
    const State state = item.state;
    const Token token = item.token;
    if (state == State::latency) return network_.shares().start(slot, item.amount);
    if (state == State::flying) network_.shares().land(slot);
    core_.items.release(slot);
    sink.on(token, state == State::broken ? Outcome::failed : Outcome::ok);
  }

  bool collect();

  NativeCore core_;
  Stations stations_;
  Network network_;
  bool stopped_ = false;
};

}  // namespace lbsim::kernel
