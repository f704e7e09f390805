// Stations: nodes that do work. FIFO: only running jobs have an entry in the event heap, the others
// wait in a ring. Processor sharing: every job gets the same speed, so a job is done when the
// station's virtual clock has advanced by its work, and only the first has a date (Kleinrock 1967).
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/native_core.hpp"
#include "kernel/native_ring.hpp"

namespace lbsim::kernel {

class Stations {
 public:
  explicit Stations(NativeCore& core) : core_(core) {}

  std::uint32_t add(const NodeSpec& spec);
  std::uint32_t exec(std::uint32_t node, double work, Token token);  // returns the item's slot
  // The item leaves its station; returns the work that remains.
  double remove(std::uint32_t slot);
  void set_up(std::uint32_t node, bool up);
  void set_speed(std::uint32_t node, double speed);
  bool is_up(std::uint32_t node) const { return nodes_[node].up; }
  std::uint32_t jobs(std::uint32_t node) const { return nodes_[node].jobs; }
  std::size_t entries_held() const;

  // A running job's date has come: the next one starts.
  void finish(std::uint32_t slot) {
    Node& node = nodes_[core_.items[slot].place];
    --node.jobs;
    if (node.spec.discipline == Discipline::ps) return;  // has left when it became due
    leave_worker(node, slot);
    start_waiting(node);
  }
  // A processor sharing station's alarm has gone off.
  void collect(std::uint32_t node);
  std::uint32_t node_of(std::uint32_t alarm) const { return node_of_alarm_[alarm]; }

 private:
  struct Worker {
    std::uint32_t slot;
    std::int64_t since_ps;
  };
  // In the order of use: what a job touches lies in two cache lines.
  struct alignas(64) Node {
    NodeSpec spec;
    bool up = true;
    std::uint32_t jobs = 0;
    std::vector<Worker> running;  // fifo
    Ring<std::uint64_t> waiting;  // fifo: orders
    std::uint32_t waiting_live = 0;
    std::uint32_t served_live = 0;
    PendingSet served;   // ps: marks
    VirtualClock clock;  // ps
    std::uint32_t alarm = 0;
    std::uint32_t id = 0;
  };

  void start(Node& node, std::uint32_t slot);
  void start_waiting(Node& node) {
    while (!node.waiting.empty()) {
      const std::uint64_t order = node.waiting.front();
      node.waiting.pop();
      if (!core_.items.is(order, kWaiting)) continue;
      --node.waiting_live;
      return start(node, slot_of(order));
    }
  }
  void leave_worker(Node& node, std::uint32_t slot);
  double left(const Node& node, std::uint32_t slot) const;
  double remove_running(Node& node, std::uint32_t slot);
  double remove_served(Node& node, std::uint32_t slot);
  void remove_waiting(Node& node);
  void rescale_running(Node& node, double speed);
  void rearm(Node& node);

  NativeCore& core_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> node_of_alarm_;  // kNowhere: not a node's
};

}  // namespace lbsim::kernel
