#include "kernel/native_stations.hpp"

#include <algorithm>

namespace lbsim::kernel {

std::uint32_t Stations::add(const NodeSpec& spec) {
  LBSIM_CHECK(spec.speed >= 0 && spec.cores >= 1);
  LBSIM_CHECK(static_cast<std::uint32_t>(spec.cores) < kSlotLimit);
  Node node;
  node.spec = spec;
  node.id = static_cast<std::uint32_t>(nodes_.size());
  node.cores.reset(static_cast<std::size_t>(spec.cores), core_.now_ps);
  node.alarm = core_.alarms.add();
  node_of_alarm_.resize(node.alarm + 1, kNowhere);
  node_of_alarm_[node.alarm] = node.id;
  nodes_.push_back(std::move(node));
  return nodes_.back().id;
}

std::uint32_t Stations::exec(std::uint32_t id, double work, Token token, std::int64_t then_ps) {
  LBSIM_CHECK(work >= 0 && then_ps >= 0);
  Node& node = nodes_[id];
  const std::uint32_t slot = core_.items.create(token, kJob, id, work);
  core_.items[slot].extra = core_.delays.id_of(then_ps);
  if (!node.up) {
    core_.tell(slot, kBroken);
  } else if (node.spec.discipline == Discipline::fifo) {
    begin(node, slot);
    push(slot);
  } else if (work == 0 && node.spec.speed > 0) {
    done(slot);
  } else {
    share(node, slot, work);
  }
  return slot;
}

// The job gets the core that is free first.
void Stations::begin(Node& node, std::uint32_t slot) {
  Item& item = core_.items[slot];
  std::int64_t start_ps = node.cores.first_free();
  if (node.waited) drop_started(node);
  if (start_ps > core_.now_ps) {
    node.starts.push(start_ps);
    node.waited = true;
  } else {
    start_ps = core_.now_ps;
  }
  item.end_ps = ps_after(start_ps, item.amount / node.spec.speed);
  node.cores.take(item.end_ps);
}

void Stations::push(std::uint32_t slot) {
  const Item& item = core_.items[slot];
  const std::int64_t then_ps = core_.delays.ps(item.extra);
  if (item.end_ps < kNeverPs - then_ps) {
    core_.date(slot, item.end_ps + then_ps);
  }
}

void Stations::share(Node& node, std::uint32_t slot, double work) {
  Item& item = core_.items[slot];
  item.state = kServed;
  item.amount = node.clock.read(core_.now_ps) + work;
  node.served.push(mark_entry(item.amount, core_.items.order(slot)));
  ++node.served_live;
  rearm(node);
}

// The work is over; the model hears of it now, or later.
void Stations::done(std::uint32_t slot) {
  Item& item = core_.items[slot];
  item.amount = 0;
  if (core_.delays.ps(item.extra) == 0) return core_.tell(slot, kJobDone);
  item.state = kJob;
  item.end_ps = core_.now_ps;
  push(slot);
}

std::uint32_t Stations::jobs(std::uint32_t id) {
  Node& node = nodes_[id];
  if (node.spec.discipline == Discipline::ps) return node.served_live;
  const std::uint32_t busy = node.cores.busy(core_.now_ps);
  if (!node.waited) return busy;
  drop_started(node);
  return busy + static_cast<std::uint32_t>(node.starts.size());
}

double Stations::remove(std::uint32_t slot) {
  const Item& item = core_.items[slot];
  if (item.state == kJob) return remove_job(nodes_[item.place], slot);
  if (item.state == kServed) return remove_served(nodes_[item.place], slot);
  return item.amount;
}

// Of a FIFO station, in the order in which they came: the first ones, one on each core, have begun.
std::vector<std::uint32_t> Stations::unfinished(const Node& node) const {
  std::vector<std::uint32_t> slots;
  for (std::uint32_t slot = 0; slot < core_.items.size(); ++slot) {
    const Item& item = core_.items[slot];
    if (item.state == kJob && item.place == node.id && item.end_ps >= core_.now_ps) {
      slots.push_back(slot);
    }
  }
  std::sort(slots.begin(), slots.end(), [&](std::uint32_t a, std::uint32_t b) {
    return core_.items[a].number < core_.items[b].number;
  });
  return slots;
}

// Work that remains of a job: all of it until it begins.
double Stations::left(const Node& node, std::uint32_t slot) const {
  const Item& item = core_.items[slot];
  if (item.end_ps == kNeverPs) return item.amount;
  const std::int64_t since_ps = item.end_ps - ps_after(0, item.amount / node.spec.speed);
  if (since_ps >= core_.now_ps) return item.amount;
  const double done = static_cast<double>(core_.now_ps - since_ps) * 1e-12 * node.spec.speed;
  return std::max(item.amount - done, 0.0);
}

double Stations::remove_job(Node& node, std::uint32_t slot) {
  Item& item = core_.items[slot];
  const bool dated = item.end_ps < kNeverPs - core_.delays.ps(item.extra);
  if (item.end_ps < core_.now_ps || node.spec.discipline == Discipline::ps) {
    item.state = kFree;  // over, but for the model's hearing of it
    core_.bury_dated();
    return 0;
  }
  const double remaining = left(node, slot);
  item.state = kFree;
  if (dated) core_.bury_dated();
  if (node.up) reschedule(node, unfinished(node), false);
  return remaining;
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

// Plans the rest of the jobs anew: those that have begun keep their cores, and their ends unless
// the speed is another one. Rare, so it walks through everything.
void Stations::reschedule(Node& node, const std::vector<std::uint32_t>& slots, bool rescaled) {
  forget_dates(node);
  node.starts.clear();
  node.cores.reset(static_cast<std::size_t>(node.spec.cores), core_.now_ps);
  const auto cores = static_cast<std::size_t>(node.spec.cores);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    Item& item = core_.items[slots[i]];
    const bool begun = i < cores && item.end_ps != kNeverPs &&
                       item.end_ps - ps_after(0, item.amount / node.spec.speed) <= core_.now_ps;
    if (!rescaled && begun) {
      static_cast<void>(node.cores.first_free());
      node.cores.take(item.end_ps);
    } else {
      begin(node, slots[i]);
    }
    push(slots[i]);
  }
}

// Takes the jobs of a FIFO station that are not over out of the agenda.
void Stations::forget_dates(const Node& node) {
  core_.agenda.erase_if([&](const Event& e) {
    if (slot_of(e.order) == kLaneSlot || !core_.items.is(e.order, kJob)) return false;
    const Item& item = core_.items[slot_of(e.order)];
    return item.place == node.id && item.end_ps >= core_.now_ps;
  });
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
    done(slot);
    node.served.surface(alive);
  } while (!node.served.empty() && node.clock.date_of(mark_of(node.served.top())) <= core_.now_ps);
  rearm(node);
}

void Stations::set_up(std::uint32_t id, bool up) {
  Node& node = nodes_[id];
  if (node.up == up) return;
  node.up = up;
  if (up) return;
  if (node.spec.discipline == Discipline::fifo) {
    for (const std::uint32_t slot : unfinished(node)) {
      core_.items[slot].amount = left(node, slot);
      core_.tell(slot, kBroken);
      core_.bury_dated();
    }
    node.starts.clear();
    node.cores.reset(static_cast<std::size_t>(node.spec.cores), core_.now_ps);
    return;
  }
  for (std::uint32_t slot = 0; slot < core_.items.size(); ++slot) {
    Item& item = core_.items[slot];
    if (item.place != id) continue;
    if (item.state == kServed) {
      item.amount = remove_served(node, slot);
      core_.tell(slot, kBroken);
    } else if (item.state == kJobDone) {
      item.state = kBroken;
    }
  }
}

void Stations::set_speed(std::uint32_t id, double speed) {
  LBSIM_CHECK(speed >= 0);
  Node& node = nodes_[id];
  if (node.spec.discipline == Discipline::fifo) return rescale(node, speed);
  node.spec.speed = speed;
  rearm(node);
}

void Stations::rescale(Node& node, double speed) {
  const std::vector<std::uint32_t> slots = unfinished(node);
  for (const std::uint32_t slot : slots) core_.items[slot].amount = left(node, slot);
  node.spec.speed = speed;
  reschedule(node, slots, true);
}

std::size_t Stations::entries_held() const {
  std::size_t held = 0;
  for (const Node& node : nodes_) held += node.starts.capacity() + node.served.capacity();
  return held;
}

}  // namespace lbsim::kernel
