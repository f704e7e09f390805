#include "kernel/native_stations.hpp"

#include <algorithm>

namespace lbsim::kernel {

std::uint32_t Stations::add(const NodeSpec& spec) {
  LBSIM_CHECK(spec.speed >= 0 && spec.cores >= 1);
  LBSIM_CHECK(static_cast<std::uint32_t>(spec.cores) < kSlotLimit);
  Node node;
  node.spec = spec;
  node.id = static_cast<std::uint32_t>(nodes_.size());
  node.alarm = core_.alarms.add();
  node_of_alarm_.resize(node.alarm + 1, kNowhere);
  node_of_alarm_[node.alarm] = node.id;
  nodes_.push_back(std::move(node));
  return nodes_.back().id;
}

std::uint32_t Stations::exec(std::uint32_t id, double work, Token token) {
  LBSIM_CHECK(work >= 0);
  Node& node = nodes_[id];
  const std::uint32_t slot = core_.items.create(token, kWaiting, id, work);
  if (!node.up) {
    core_.tell(slot, kBroken);
    return slot;
  }
  ++node.jobs;
  if (node.spec.discipline == Discipline::fifo) {
    if (node.running.size() < static_cast<std::size_t>(node.spec.cores)) {
      start(node, slot);
    } else {
      node.waiting.push(core_.items.order(slot));
      ++node.waiting_live;
    }
  } else if (work == 0 && node.spec.speed > 0) {
    core_.items[slot].amount = 0;
    core_.tell(slot, kJobDone);
  } else {
    Item& item = core_.items[slot];
    item.state = kServed;
    item.amount = node.clock.read(core_.now_ps) + work;
    node.served.push(mark_entry(item.amount, core_.items.order(slot)));
    ++node.served_live;
    rearm(node);
  }
  return slot;
}

double Stations::remove(std::uint32_t slot) {
  Item& item = core_.items[slot];
  Node& node = nodes_[item.place];
  if (item.state != kBroken) --node.jobs;
  switch (item.state) {
    case kWaiting:
      item.state = kFree;
      remove_waiting(node);
      return item.amount;
    case kRunning:
      return remove_running(node, slot);
    case kServed:
      return remove_served(node, slot);
    default:
      return item.amount;
  }
}

void Stations::start(Node& node, std::uint32_t slot) {
  Item& item = core_.items[slot];
  item.state = kRunning;
  item.worker = static_cast<std::uint32_t>(node.running.size()) & (kSlotLimit - 1);
  node.running.push_back({slot, core_.now_ps});
  const std::int64_t end_ps = ps_after(core_.now_ps, item.amount / node.spec.speed);
  if (end_ps != kNeverPs) core_.jobs.push({end_ps, core_.items.order(slot)});
}

void Stations::leave_worker(Node& node, std::uint32_t slot) {
  const std::uint32_t index = core_.items[slot].worker;
  node.running[index] = node.running.back();
  core_.items[node.running[index].slot].worker = index & (kSlotLimit - 1);
  node.running.pop_back();
}

double Stations::left(const Node& node, std::uint32_t slot) const {
  const Item& item = core_.items[slot];
  const std::int64_t since_ps = node.running[item.worker].since_ps;
  const double done = static_cast<double>(core_.now_ps - since_ps) * 1e-12 * node.spec.speed;
  return std::max(item.amount - done, 0.0);
}

double Stations::remove_running(Node& node, std::uint32_t slot) {
  const double remaining = left(node, slot);
  const bool dated = ps_after(0, remaining / node.spec.speed) != kNeverPs;
  leave_worker(node, slot);
  core_.items[slot].state = kFree;
  if (dated) {
    core_.jobs.abandon([&](const Entry& e) { return core_.items.is(e.order, kRunning); });
  }
  if (node.up) start_waiting(node);
  return remaining;
}

void Stations::remove_waiting(Node& node) {
  --node.waiting_live;
  const std::size_t dead = node.waiting.size() - node.waiting_live;
  if (dead < 32 || dead * 2 < node.waiting.size()) return;
  node.waiting.erase_if([&](std::uint64_t order) { return !core_.items.is(order, kWaiting); });
}

double Stations::remove_served(Node& node, std::uint32_t slot) {
  Item& item = core_.items[slot];
  const double remaining = std::max(item.amount - node.clock.read(core_.now_ps), 0.0);
  item.state = kFree;
  --node.served_live;
  const auto alive = [&](const Entry& e) { return core_.items.is(e.order, kServed); };
  node.served.abandon(alive);
  node.served.surface(alive);
  rearm(node);
  return remaining;
}

// The number of jobs, the speed or the first job has changed.
void Stations::rearm(Node& node) {
  if (node.served.empty()) {
    node.clock = {core_.now_ps, 0, 0};
    return core_.alarms.clear(node.alarm);
  }
  const auto cores = static_cast<std::uint32_t>(node.spec.cores);
  const double level = node.served_live <= cores
                           ? node.spec.speed
                           : node.spec.speed * cores / static_cast<double>(node.served_live);
  if (level != node.clock.level) node.clock.set_level(core_.now_ps, level);
  if (const double reading = node.clock.read(core_.now_ps); reading > kReadingLimit) {
    core_.rewind(node.served, kServed, reading);
    node.clock = {core_.now_ps, 0, level};
  }
  core_.alarms.set(node.alarm, node.clock.date_of(mark_of(node.served.top())));
}

void Stations::collect(std::uint32_t id) {
  Node& node = nodes_[id];
  const auto alive = [&](const Entry& e) { return core_.items.is(e.order, kServed); };
  do {
    const std::uint32_t slot = slot_of(node.served.top().order);
    node.served.pop();
    --node.served_live;
    core_.items[slot].amount = 0;
    core_.tell(slot, kJobDone);
    node.served.surface(alive);
  } while (!node.served.empty() && node.clock.date_of(mark_of(node.served.top())) <= core_.now_ps);
  rearm(node);
}

void Stations::set_up(std::uint32_t id, bool up) {
  Node& node = nodes_[id];
  if (node.up == up) return;
  node.up = up;
  if (up) return;
  for (std::uint32_t slot = 0; slot < core_.items.size(); ++slot) {
    Item& item = core_.items[slot];
    if (item.place != id) continue;
    if (item.state >= kRunning && item.state <= kServed) {
      item.amount = remove(slot);
      core_.tell(slot, kBroken);
    } else if (item.state == kJobDone) {
      item.state = kBroken;
      --node.jobs;
    }
  }
}

void Stations::set_speed(std::uint32_t id, double speed) {
  LBSIM_CHECK(speed >= 0);
  Node& node = nodes_[id];
  if (node.spec.discipline == Discipline::fifo) return rescale_running(node, speed);
  node.spec.speed = speed;
  rearm(node);
}

void Stations::rescale_running(Node& node, double speed) {
  core_.jobs.erase_if([&](const Entry& e) {
    return core_.items.is(e.order, kRunning) && core_.items[slot_of(e.order)].place == node.id;
  });
  for (Worker& worker : node.running) {
    core_.items[worker.slot].amount = left(node, worker.slot);
    worker.since_ps = core_.now_ps;
  }
  node.spec.speed = speed;
  for (const Worker& worker : node.running) {
    const double remaining = core_.items[worker.slot].amount;
    const std::int64_t end_ps = ps_after(core_.now_ps, remaining / speed);
    if (end_ps != kNeverPs) core_.jobs.push({end_ps, core_.items.order(worker.slot)});
  }
}

std::size_t Stations::entries_held() const {
  std::size_t held = 0;
  for (const Node& node : nodes_) {
    held += node.running.capacity() + node.waiting.capacity() + node.served.capacity();
  }
  return held;
}

}  // namespace lbsim::kernel
