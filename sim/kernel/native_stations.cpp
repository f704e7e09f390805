#include "kernel/native_stations.hpp"

#include <algorithm>

namespace lbsim::kernel {

std::uint32_t Stations::add(const NodeSpec& spec) {
  LBSIM_CHECK(spec.speed >= 0 && spec.cores >= 1);
  LBSIM_CHECK(static_cast<std::uint32_t>(spec.cores) < kSlotLimit);
  Node node;
  node.spec = spec;
  node.id = static_cast<std::uint32_t>(nodes_.size());
  node.takes_work = spec.discipline == Discipline::fifo;
  node.cores.reset(static_cast<std::size_t>(spec.cores), core_.now_ps);
  node.alarm = core_.alarms.add();
  node_of_alarm_.resize(node.alarm + 1, kNowhere);
  node_of_alarm_[node.alarm] = node.id;
  nodes_.push_back(std::move(node));
  return nodes_.back().id;
}

void Stations::exec_otherwise(Node& node, std::uint32_t slot) {
  const double work = core_.items[slot].amount;
  if (!node.up) {
    core_.tell(slot, State::broken);
  } else if (work == 0 && node.spec.speed > 0) {
    done(slot);
  } else {
    share(node, slot, work);
  }
}

void Stations::share(Node& node, std::uint32_t slot, double work) {
  Item& item = core_.items[slot];
  item.state = State::served;
  item.amount = node.clock.read(core_.now_ps) + work;
  node.served.push(mark_entry(item.amount, core_.items.order(slot)));
  ++node.served_live;
  rearm(node);
}

// The work is over; the model hears of it now, or later.
void Stations::done(std::uint32_t slot) {
  Item& item = core_.items[slot];
  item.amount = 0;
  if (item.then_ps == 0) return core_.tell(slot, State::job_done);
  item.state = State::job;
  core_.date(slot, core_.now_ps + item.then_ps);
}

double Stations::remove(std::uint32_t slot) {
  const Item& item = core_.items[slot];
  Node& node = nodes_[item.place];
  return item.state == State::job ? remove_job(node, slot) : remove_served(node, slot);
}

// Of a FIFO station, in the order in which they came: the first ones, one on each core, have begun.
std::vector<std::uint32_t> Stations::unfinished(const Node& node) const {
  std::vector<std::uint32_t> slots;
  for (std::uint32_t slot = 0; slot < core_.items.size(); ++slot) {
    const Item& item = core_.items[slot];
    if (item.state == State::job && item.place == node.id && item.end_ps() >= core_.now_ps) {
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
  if (item.time_ps == kNeverPs) return item.amount;
  const std::int64_t since_ps = item.end_ps() - ps_after(0, item.amount / node.spec.speed);
  if (since_ps >= core_.now_ps) return item.amount;
  const double done = static_cast<double>(core_.now_ps - since_ps) * 1e-12 * node.spec.speed;
  return std::max(item.amount - done, 0.0);
}

double Stations::remove_job(Node& node, std::uint32_t slot) {
  Item& item = core_.items[slot];
  // Over, but for the model's hearing of it?
  if (item.end_ps() < core_.now_ps || node.spec.discipline == Discipline::ps) return 0;
  const double remaining = left(node, slot);
  core_.undate(slot);
  item.state = State::free;
  if (node.up) reschedule(node, unfinished(node), false);
  return remaining;
}

double Stations::remove_served(Node& node, std::uint32_t slot) {
  Item& item = core_.items[slot];
  const double remaining = std::max(item.amount - node.clock.read(core_.now_ps), 0.0);
  item.state = State::free;
  --node.served_live;
  const auto alive = [&](const Entry& e) { return core_.items.is(e.order, State::served); };
  node.served.abandon(alive);
  node.served.surface(alive);
  rearm(node);
  return remaining;
}

// Plans the rest of the jobs anew: those that have begun keep their cores, and their ends unless
// the speed is another one. Rare, so it walks through everything.
void Stations::reschedule(Node& node, const std::vector<std::uint32_t>& slots, bool rescaled) {
  node.starts.clear();
  node.cores.reset(static_cast<std::size_t>(node.spec.cores), core_.now_ps);
  const auto cores = static_cast<std::size_t>(node.spec.cores);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    Item& item = core_.items[slots[i]];
    const bool begun = i < cores && item.time_ps != kNeverPs &&
                       item.end_ps() - ps_after(0, item.amount / node.spec.speed) <= core_.now_ps;
    if (!rescaled && begun) {
      static_cast<void>(node.cores.first_free());
      node.cores.take(item.end_ps());
    } else {
      core_.undate(slots[i]);
      begin(node, slots[i]);
    }
  }
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
    core_.rewind(node.served, State::served, reading);
    node.clock = {core_.now_ps, 0, level};
  }
  core_.alarms.set(node.alarm, node.clock.date_of(mark_of(node.served.top())));
}

void Stations::collect(std::uint32_t id) {
  Node& node = nodes_[id];
  const auto alive = [&](const Entry& e) { return core_.items.is(e.order, State::served); };
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
  node.takes_work = up && node.spec.discipline == Discipline::fifo;
  if (up) return;
  if (node.spec.discipline == Discipline::fifo) {
    for (const std::uint32_t slot : unfinished(node)) {
      core_.items[slot].amount = left(node, slot);
      core_.tell(slot, State::broken);
    }
    node.starts.clear();
    node.cores.reset(static_cast<std::size_t>(node.spec.cores), core_.now_ps);
    return;
  }
  for (std::uint32_t slot = 0; slot < core_.items.size(); ++slot) {
    Item& item = core_.items[slot];
    if (item.place != id) continue;
    if (item.state == State::served) {
      item.amount = remove_served(node, slot);
      core_.tell(slot, State::broken);
    } else if (item.state == State::job_done) {
      item.state = State::broken;
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
