// Stations: nodes that do work. FIFO: the end of a job is known when it comes (native_cores.hpp),
// so a job is one event in the agenda and nothing happens at its start. Processor sharing:
// every job gets the same speed, so a job is done when the station's virtual clock has advanced by
// its work, and only the first has a date (Kleinrock 1967).
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/native_core.hpp"
#include "kernel/native_cores.hpp"
#include "kernel/native_ring.hpp"

namespace lbsim::kernel {

class Stations {
 public:
  explicit Stations(NativeCore& core) : core_(core) {}

  std::uint32_t add(const NodeSpec& spec);
  // Returns the item's slot. The model hears of it `then_ps` after the work is done.
  std::uint32_t exec(std::uint32_t id, double work, Token token, std::int64_t then_ps) {
    LBSIM_CHECK(work >= 0 && then_ps >= 0);
    Node& node = nodes_[id];
    const std::uint32_t slot = core_.items.create(token, State::job, id, work);
    core_.items[slot].then_ps = then_ps;
    if (node.takes_work) {
      begin(node, slot);
    } else {
      exec_otherwise(node, slot);
    }
    return slot;
  }
  // The item leaves its station; returns the work that remains.
  double remove(std::uint32_t slot);
  void set_up(std::uint32_t node, bool up);
  void set_speed(std::uint32_t node, double speed);
  bool is_up(std::uint32_t node) const { return nodes_[node].up; }
  std::uint32_t jobs(std::uint32_t id) {
    Node& node = nodes_[id];
    if (node.spec.discipline == Discipline::ps) return node.served_live;
    const std::uint32_t busy = node.cores.busy(core_.now_ps);
    if (!node.waited) return busy;
    drop_started(node);
    return busy + static_cast<std::uint32_t>(node.starts.size());
  }
  std::size_t entries_held() const;

  // A processor sharing station's alarm has gone off.
  void collect(std::uint32_t node);
  std::uint32_t node_of(std::uint32_t alarm) const { return node_of_alarm_[alarm]; }

 private:
  // In the order of use: what a job touches lies in one cache line, two if there are several cores.
  struct alignas(64) Node {
    NodeSpec spec;
    bool up = true;
    bool takes_work = false;  // fifo, and up
    bool waited = false;      // starts may hold something
    std::uint32_t id = 0;
    Cores cores;  // fifo
    // fifo: when the jobs that had to wait begin, in their order. Those begun are dropped late.
    Ring<std::int64_t> starts;
    // ps:
    std::uint32_t served_live = 0;
    std::uint32_t alarm = 0;
    PendingSet served;  // marks
    VirtualClock clock;
  };

  // The job gets the core that is free first.
  void begin(Node& node, std::uint32_t slot) {
    Item& item = core_.items[slot];
    std::int64_t start_ps = node.cores.first_free();
    if (node.waited) drop_started(node);
    if (start_ps > core_.now_ps) {
      node.starts.push(start_ps);
      node.waited = true;
    } else {
      start_ps = core_.now_ps;
    }
    const std::int64_t end_ps = ps_after(start_ps, item.amount / node.spec.speed);
    node.cores.take(end_ps);
    core_.date(slot, end_ps < kNeverPs - item.then_ps ? end_ps + item.then_ps : kNeverPs);
  }
  void exec_otherwise(Node& node, std::uint32_t slot);
  void share(Node& node, std::uint32_t slot, double work);
  void done(std::uint32_t slot);
  void drop_started(Node& node) {
    while (!node.starts.empty() && node.starts.front() <= core_.now_ps) node.starts.pop();
    node.waited = !node.starts.empty();
  }
  std::vector<std::uint32_t> unfinished(const Node& node) const;
  double left(const Node& node, std::uint32_t slot) const;
  double remove_job(Node& node, std::uint32_t slot);
  double remove_served(Node& node, std::uint32_t slot);
  void reschedule(Node& node, const std::vector<std::uint32_t>& slots, bool rescaled);
  void rescale(Node& node, double speed);
  void rearm(Node& node);

  NativeCore& core_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> node_of_alarm_;  // kNowhere: not a node's
};

}  // namespace lbsim::kernel
