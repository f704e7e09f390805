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
  leaf_at_.push_back(kNowhere);
  stars_.emplace_back();
  link_paths_.emplace_back();
  free_.emplace_back();
  return id;
}

std::uint32_t BandwidthShares::add_route(std::vector<std::uint32_t> links, double cap) {
  std::sort(links.begin(), links.end());
  LBSIM_CHECK(std::adjacent_find(links.begin(), links.end()) == links.end());
  const auto [known, fresh] =
      path_of_links_.try_emplace(links, static_cast<std::uint32_t>(paths_.size()));
  if (fresh) {
    for (const std::uint32_t link : links) link_paths_[link].push_back(known->second);
    Path& path = paths_.emplace_back();
    path.first_link = static_cast<std::uint32_t>(path_links_.size());
    path.links = static_cast<std::uint32_t>(links.size());
    path_links_.insert(path_links_.end(), links.begin(), links.end());
    bound_at_.push_back(kNowhere);
    planned_ = false;
  }
  routes_.push_back({known->second, cap_of(cap)});
  return static_cast<std::uint32_t>(routes_.size() - 1);
}

std::uint32_t BandwidthShares::cap_of(double bytes_per_s) {
  const auto same = [&](const Cap& cap) { return cap.bytes_per_s == bytes_per_s; };
  const auto known = std::find_if(caps_.begin(), caps_.end(), same);
  if (known != caps_.end()) return static_cast<std::uint32_t>(known - caps_.begin());
  caps_.push_back({bytes_per_s, to_rate(bytes_per_s)});
  return static_cast<std::uint32_t>(caps_.size() - 1);
}

void BandwidthShares::set_capacity(std::uint32_t id, double bytes_per_s) {
  Link& link = links_[id];
  const Rate change = to_rate(bytes_per_s) - link.capacity;
  link.capacity += change;
  if (link.standing == Standing::bound) stars_[link.parent].bound_capacity += change;
  mark_dirty(id);
}

void BandwidthShares::start(std::uint32_t slot, double bytes) {
  Item& item = core_.items[slot];
  const Route route = routes_[item.place];
  const Cap& cap = caps_[route.cap];
  Path& path = paths_[route.path];
  count(path, cap.rate, true);
  const double seconds = bytes / cap.bytes_per_s;
  if (links_[path.binder].clock.level < 1) return share(slot, seconds);
  item.state = State::flying;
  item.amount = seconds;
  item.extra = static_cast<std::uint32_t>(path.flying.size());
  path.flying.push_back(slot);
  core_.date(slot, ps_after(core_.now_ps, seconds));
}

// Puts a mark for a transfer on its path's clock.
void BandwidthShares::share(std::uint32_t slot, double seconds_at_cap) {
  Item& item = core_.items[slot];
  const std::uint32_t id = routes_[item.place].path;
  Path& path = paths_[id];
  if (path.flows.empty()) path.offset = -links_[path.binder].clock.read(core_.now_ps);
  if (const double reading = read(path); reading > kReadingLimit) {
    core_.rewind(path.flows, State::sharing, reading);
    path.offset -= reading;
    first_changed(id);
  }
  item.state = State::sharing;
  item.amount = std::max(read(path), 0.0) + seconds_at_cap;
  path.flows.push(mark_entry(item.amount, core_.items.order(slot)));
  if (slot_of(path.flows.top().order) == slot) first_changed(id);
}

double BandwidthShares::flight_left_s(const Item& item) const {
  if (item.time_ps == kNeverPs) return item.amount;
  const std::int64_t start_ps = item.time_ps - ps_after(0, item.amount);
  return std::max(item.amount - static_cast<double>(core_.now_ps - start_ps) * 1e-12, 0.0);
}

void BandwidthShares::leave_flying(std::uint32_t slot) {
  const std::uint32_t at = core_.items[slot].extra;
  std::vector<std::uint32_t>& flying = paths_[routes_[core_.items[slot].place].path].flying;
  flying[at] = flying.back();
  core_.items[flying[at]].extra = at;
  flying.pop_back();
}

void BandwidthShares::land(std::uint32_t slot) {
  const Route route = routes_[core_.items[slot].place];
  leave_flying(slot);
  count(paths_[route.path], caps_[route.cap].rate, false);
}

// A link has come to bind the path: its flights share from now on.
void BandwidthShares::stop_flying(std::uint32_t id) {
  if (paths_[id].flying.empty()) return;
  const std::vector<std::uint32_t> flights = std::move(paths_[id].flying);
  paths_[id].flying.clear();
  for (const std::uint32_t slot : flights) {
    core_.undate(slot);
    share(slot, flight_left_s(core_.items[slot]));
  }
}

double BandwidthShares::remove(std::uint32_t slot) {
  Item& item = core_.items[slot];
  const Route route = routes_[item.place];
  const Cap& cap = caps_[route.cap];
  Path& path = paths_[route.path];
  if (item.state == State::flying) {
    const double remaining = flight_left_s(item) * cap.bytes_per_s;
    land(slot);
    return remaining;
  }
  const double remaining = std::max(item.amount - read(path), 0.0) * cap.bytes_per_s;
  const bool first = slot_of(path.flows.top().order) == slot;
  item.state = State::free;
  path.flows.abandon([&](const Entry& e) { return alive(e); });
  count(path, cap.rate, false);
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
    count(path, caps_[routes_[core_.items[slot].place].cap].rate, false);
    core_.tell(slot, State::transfer_done);
    path.flows.surface([&](const Entry& e) { return alive(e); });
    first_changed(path_id);
  } while (!link.bound.empty() && link.clock.date_of(link.bound.top().key) <= core_.now_ps);
  core_.alarms.clear(link.alarm);
}

void BandwidthShares::count(Path& path, Rate demand, bool starts) {
  const Rate change = starts ? demand : -demand;
  path.live += starts ? 1U : ~0U;
  path.demand += change;
  for (const std::uint32_t id : links_of(path)) {
    Link& link = links_[id];
    const bool could = can_bind(link);
    link.demand += change;
    if (link.standing == Standing::bound) stars_[link.parent].bound_demand += change;
    if (could || link.keeps_paths || can_bind(link)) mark_dirty(id);
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
    if (links_[to].clock.level < 1) stop_flying(id);
    return;
  }
  const double reading = read(path);
  links_[path.binder].bound.remove(bound_at_, id);
  mark_stale(path.binder);
  path.binder = to;
  path.offset = reading - links_[to].clock.read(core_.now_ps);
  links_[to].bound.insert(bound_at_, id, mark_of(path.flows.top()) - path.offset);
  mark_stale(to);
  if (links_[to].clock.level < 1) stop_flying(id);
}

void BandwidthShares::mark_dirty(std::uint32_t id) {
  if (links_[id].dirty) return;
  links_[id].dirty = true;
  dirty_.push_back(id);
}

void BandwidthShares::mark_stale(std::uint32_t id) {
  if (links_[id].stale) return;
  links_[id].stale = true;
  stale_.push_back(id);
}

void BandwidthShares::set_level(std::uint32_t id, double level) {
  Link& link = links_[id];
  if (link.clock.level == level) return;
  const bool was_full = link.clock.level == 1;
  link.clock.set_level(core_.now_ps, level);
  mark_stale(id);
  if (!was_full) return;
  for (const std::uint32_t path : link_paths_[id]) {
    if (paths_[path].binder == id) stop_flying(path);
  }
}

void BandwidthShares::rearm(std::uint32_t id) {
  Link& link = links_[id];
  if (link.bound.empty()) {
    link.clock = {core_.now_ps, 0, link.clock.level};
    core_.alarms.clear(link.alarm);
  } else {
    if (link.clock.read(core_.now_ps) > kReadingLimit) rewind(link);
    core_.alarms.set(link.alarm, link.clock.date_of(link.bound.top().key));
  }
}

void BandwidthShares::rewind(Link& link) {
  const double reading = link.clock.read(core_.now_ps);
  link.bound.lower_keys(reading, [&](std::uint32_t path) { paths_[path].offset += reading; });
  link.clock = {core_.now_ps, 0, link.clock.level};
}

void BandwidthShares::settle() {
  if (!planned_) find_components();
  if (!dirty_.empty()) plan();
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    if (links_[dirty_[i]].role == Role::leaf) settle_leaf(dirty_[i]);
  }
  for (const std::uint32_t id : dirty_) {
    Link& link = links_[id];
    link.dirty = false;
    if (link.role == Role::root) settle_root(id);
    if (link.role == Role::none) settle_component(components_[link.component]);
  }
  dirty_.clear();
  for (const std::uint32_t id : stale_) {
    links_[id].stale = false;
    rearm(id);
  }
  stale_.clear();
}

std::size_t BandwidthShares::entries_held() const {
  std::size_t held = 0;
  for (const Path& path : paths_) held += path.flows.capacity() + path.flying.capacity();
  return held;
}

double BandwidthShares::rate(std::uint32_t slot) const {
  const Route& route = routes_[core_.items[slot].place];
  return caps_[route.cap].bytes_per_s * links_[paths_[route.path].binder].clock.level;
}

}  // namespace lbsim::kernel
