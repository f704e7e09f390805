#include "kernel/native_sharing.hpp"

#include <algorithm>

namespace lbsim::kernel {

BandwidthShares::BandwidthShares(NativeCore& core) : core_(core) {
  add_link(kRateLimit);
  links_[kCap].clock.level = 1;
}

std::uint32_t BandwidthShares::add_link(double bytes_per_s) {
  const auto id = static_cast<std::uint32_t>(links_.size());
  Link link;
  link.capacity = to_rate(bytes_per_s);
  link.clock.level = 1;
  link.alarm = core_.alarms.add();
  link_of_alarm_.resize(link.alarm + 1, kNowhere);
  link_of_alarm_[link.alarm] = id;
  links_.push_back(std::move(link));
  return id;
}

std::uint32_t BandwidthShares::add_route(std::vector<std::uint32_t> links, double cap) {
  std::sort(links.begin(), links.end());
  LBSIM_CHECK(std::adjacent_find(links.begin(), links.end()) == links.end());
  const auto [known, fresh] =
      path_of_links_.try_emplace(links, static_cast<std::uint32_t>(paths_.size()));
  if (fresh) {
    for (const std::uint32_t link : links) links_[link].paths.push_back(known->second);
    paths_.emplace_back().links = std::move(links);
    bound_at_.push_back(kNowhere);
  }
  routes_.push_back({known->second, cap, to_rate(cap)});
  return static_cast<std::uint32_t>(routes_.size() - 1);
}

void BandwidthShares::set_capacity(std::uint32_t link, double bytes_per_s) {
  links_[link].capacity = to_rate(bytes_per_s);
  dirty_.push_back(link);
}

void BandwidthShares::start(std::uint32_t slot, double bytes) {
  Item& item = core_.items[slot];
  const Route& route = routes_[item.place];
  Path& path = paths_[route.path];
  if (path.live == 0) path.offset = -links_[path.binder].clock.read(core_.now_ps);
  item.state = kSharing;
  item.amount = std::max(read(path), 0.0) + bytes / route.cap;
  path.flows.push(mark_entry(item.amount, core_.items.order(slot)));
  count(path, route.demand, true);
  if (slot_of(path.flows.top().order) == slot) first_changed(route.path);
}

double BandwidthShares::remove(std::uint32_t slot) {
  Item& item = core_.items[slot];
  const Route& route = routes_[item.place];
  Path& path = paths_[route.path];
  const double remaining = std::max(item.amount - read(path), 0.0) * route.cap;
  const bool first = slot_of(path.flows.top().order) == slot;
  item.state = kFree;
  path.flows.abandon([&](const Entry& e) { return alive(e); });
  count(path, route.demand, false);
  if (first) {
    path.flows.surface([&](const Entry& e) { return alive(e); });
    first_changed(route.path);
  }
  return remaining;
}

void BandwidthShares::collect(std::uint32_t id) {
  Link& link = links_[id];
  do {
    const std::uint32_t path_id = link.bound.top().id;
    Path& path = paths_[path_id];
    const std::uint32_t slot = slot_of(path.flows.top().order);
    path.flows.pop();
    core_.items[slot].amount = 0;
    count(path, routes_[core_.items[slot].place].demand, false);
    core_.tell(slot, kTransferDone);
    path.flows.surface([&](const Entry& e) { return alive(e); });
    first_changed(path_id);
  } while (!link.bound.empty() && link.clock.date_of(link.bound.top().key) <= core_.now_ps);
  core_.alarms.clear(link.alarm);
}

void BandwidthShares::count(Path& path, Rate demand, bool starts) {
  const Rate change = starts ? demand : -demand;
  path.live += starts ? 1U : ~0U;
  path.demand += change;
  for (const std::uint32_t id : path.links) {
    Link& link = links_[id];
    const bool could = can_bind(link);
    link.demand += change;
    if (could || can_bind(link)) dirty_.push_back(id);
  }
}

// The first flow to end on the path is another one, or there is none any more.
void BandwidthShares::first_changed(std::uint32_t id) {
  Path& path = paths_[id];
  Link& binder = links_[path.binder];
  if (path.flows.empty()) {
    if (bound_at_[id] != kNowhere) binder.bound.remove(bound_at_, id);
  } else if (bound_at_[id] == kNowhere) {
    binder.bound.insert(bound_at_, id, mark_of(path.flows.top()) - path.offset);
  } else {
    binder.bound.update(bound_at_, id, mark_of(path.flows.top()) - path.offset);
  }
  mark_stale(path.binder);
}

void BandwidthShares::bind(std::uint32_t id, std::uint32_t to) {
  Path& path = paths_[id];
  if (path.binder == to) return;
  if (bound_at_[id] == kNowhere) {
    path.binder = to;
    return;
  }
  const double reading = read(path);
  links_[path.binder].bound.remove(bound_at_, id);
  mark_stale(path.binder);
  path.binder = to;
  path.offset = reading - links_[to].clock.read(core_.now_ps);
  links_[to].bound.insert(bound_at_, id, mark_of(path.flows.top()) - path.offset);
  mark_stale(to);
}

void BandwidthShares::mark_stale(std::uint32_t id) {
  if (links_[id].stale) return;
  links_[id].stale = true;
  stale_.push_back(id);
}

void BandwidthShares::set_level(std::uint32_t id, double level) {
  Link& link = links_[id];
  if (link.clock.level == level) return;
  link.clock.set_level(core_.now_ps, level);
  mark_stale(id);
}

void BandwidthShares::rearm(std::uint32_t id) {
  Link& link = links_[id];
  if (link.bound.empty()) {
    link.clock.reading = 0;
    link.clock.at_ps = core_.now_ps;
    core_.alarms.clear(link.alarm);
  } else {
    core_.alarms.set(link.alarm, link.clock.date_of(link.bound.top().key));
  }
}

void BandwidthShares::settle() {
  if (!dirty_.empty()) refill();
  for (const std::uint32_t id : stale_) {
    links_[id].stale = false;
    rearm(id);
  }
  stale_.clear();
  dirty_.clear();
}

double BandwidthShares::rate(std::uint32_t slot) const {
  const Route& route = routes_[core_.items[slot].place];
  return route.cap * links_[paths_[route.path].binder].clock.level;
}

}  // namespace lbsim::kernel
