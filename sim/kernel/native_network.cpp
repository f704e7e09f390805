#include "kernel/native_network.hpp"

#include <algorithm>

namespace lbsim::kernel {

std::uint32_t Network::add_link(const LinkSpec& spec) {
  LBSIM_CHECK(spec.bytes_per_s >= 0);
  Link link{.sharing = spec.sharing};
  if (spec.sharing == Sharing::shared) link.shared = shares_.add_link(spec.bytes_per_s);
  links_.push_back(link);
  return static_cast<std::uint32_t>(links_.size() - 1);
}

std::uint32_t Network::add_route(NodeId from, NodeId to, std::span<const LinkId> links,
                                 Duration latency) {
  LBSIM_CHECK(latency.count() > 0);
  Course course{static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), {}};
  Route route{.latency_ps = latency.count()};
  route.dead += !stations_.is_up(course.from);
  route.dead += !stations_.is_up(course.to);
  std::vector<std::uint32_t> shared;
  for (const LinkId id : links) {
    const Link& link = links_[static_cast<std::uint32_t>(id)];
    course.links.push_back(static_cast<std::uint32_t>(id));
    if (link.sharing == Sharing::shared) shared.push_back(link.shared);
    route.dead += !link.up;
  }
  routes_.push_back(route);
  courses_.push_back(std::move(course));
  return shares_.add_route(std::move(shared), kTcpGamma / (2 * to_seconds(latency)));
}

std::uint32_t Network::send(std::uint32_t id, double bytes, Token token) {
  LBSIM_CHECK(bytes > 0);
  const Route route = routes_[id];
  const std::uint32_t slot = core_.items.create(token, State::latency, id, bytes);
  if (route.dead > 0) {
    core_.tell(slot, State::broken);
  } else {
    core_.date(slot, core_.now_ps + route.latency_ps);
  }
  return slot;
}

double Network::remove(std::uint32_t slot) {
  const Item& item = core_.items[slot];
  return item.state == State::latency ? item.amount : shares_.remove(slot);
}

template <class Times>
void Network::count_dead(bool up, Times times) {
  for (std::size_t id = 0; id < routes_.size(); ++id) {
    const auto n = static_cast<std::uint32_t>(times(courses_[id]));
    routes_[id].dead += up ? 0 - n : n;
  }
  if (!up) fail_dead();
}

void Network::fail_dead() {
  for (std::uint32_t slot = 0; slot < core_.items.size(); ++slot) {
    Item& item = core_.items[slot];
    const bool on_its_way =
        item.state == State::latency || item.state == State::flying || item.state == State::sharing;
    if (!on_its_way && item.state != State::transfer_done) continue;
    if (routes_[item.place].dead == 0) continue;
    if (item.state == State::transfer_done) {
      item.state = State::broken;
    } else {
      item.amount = remove(slot);
      core_.tell(slot, State::broken);
    }
  }
}

void Network::set_node_up(std::uint32_t node, bool up) {
  count_dead(up, [&](const Course& c) { return (c.from == node) + (c.to == node); });
}

void Network::set_link_up(std::uint32_t id, bool up) {
  if (links_[id].up == up) return;
  links_[id].up = up;
  count_dead(up, [&](const Course& c) { return std::count(c.links.begin(), c.links.end(), id); });
}

void Network::set_link_bandwidth(std::uint32_t id, double bytes_per_s) {
  LBSIM_CHECK(bytes_per_s >= 0);
  if (links_[id].sharing == Sharing::shared) shares_.set_capacity(links_[id].shared, bytes_per_s);
}

}  // namespace lbsim::kernel
