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

std::uint32_t Network::lane_of(std::int64_t latency_ps) {
  const auto [known, fresh] = lane_of_latency_.try_emplace(latency_ps, 0U);
  if (fresh) {
    known->second = lanes_.add();
    latency_lane_.resize(known->second + 1, false);
    latency_lane_[known->second] = true;
    lost_in_lane_.resize(known->second + 1, 0);
  }
  return known->second;
}

std::uint32_t Network::add_route(NodeId from, NodeId to, std::span<const LinkId> links,
                                 Duration latency) {
  LBSIM_CHECK(latency.count() > 0);
  Route route{.from = static_cast<std::uint32_t>(from),
              .to = static_cast<std::uint32_t>(to),
              .latency_ps = latency.count(),
              .lane = lane_of(latency.count()),
              .links = {}};
  std::vector<std::uint32_t> shared;
  for (const LinkId id : links) {
    const Link& link = links_[static_cast<std::uint32_t>(id)];
    route.links.push_back(static_cast<std::uint32_t>(id));
    if (link.sharing == Sharing::shared) shared.push_back(link.shared);
    if (!link.up) ++route.dead_links;
  }
  routes_.push_back(std::move(route));
  return shares_.add_route(std::move(shared), kTcpGamma / (2 * to_seconds(latency)));
}

std::uint32_t Network::send(std::uint32_t id, double bytes, Token token) {
  LBSIM_CHECK(bytes > 0);
  const Route& route = routes_[id];
  const std::uint32_t slot = core_.items.create(token, kLatency, id, bytes);
  if (route.dead_links > 0 || !stations_.is_up(route.from) || !stations_.is_up(route.to)) {
    core_.tell(slot, kBroken);
    return slot;
  }
  lanes_.post(route.lane,
              {core_.now_ps + route.latency_ps, core_.items.order(slot), {.index = route.lane}});
  return slot;
}

void Network::arrive(const LaneEvent& event) {
  const std::uint32_t slot = slot_of(event.order);
  if (core_.items.is(event.order, kLatency)) {
    shares_.start(slot, core_.items[slot].amount);
  } else {
    --lost_in_lane_[event.token.index];
  }
}

double Network::remove(std::uint32_t slot) {
  Item& item = core_.items[slot];
  if (item.state == kSharing) return shares_.remove(slot);
  if (item.state != kLatency) return item.amount;
  item.state = kFree;
  const std::uint32_t lane = routes_[item.place].lane;
  const std::uint32_t lost = ++lost_in_lane_[lane];
  if (lost >= 32 && lost * 2 >= lanes_.size(lane)) {
    lanes_.erase_if(lane, [&](const LaneEvent& e) { return !travels(e.order); });
    lost_in_lane_[lane] = 0;
  }
  return item.amount;
}

template <class Predicate>
void Network::fail_if(Predicate on_route) {
  for (std::uint32_t slot = 0; slot < core_.items.size(); ++slot) {
    Item& item = core_.items[slot];
    if (item.state != kLatency && item.state != kSharing && item.state != kTransferDone) continue;
    if (!on_route(routes_[item.place])) continue;
    if (item.state == kTransferDone) {
      item.state = kBroken;
    } else {
      item.amount = remove(slot);
      core_.tell(slot, kBroken);
    }
  }
}

void Network::fail_transfers_of(std::uint32_t node) {
  fail_if([&](const Route& route) { return route.from == node || route.to == node; });
}

void Network::set_link_up(std::uint32_t id, bool up) {
  if (links_[id].up == up) return;
  links_[id].up = up;
  for (Route& route : routes_) {
    const auto times = std::count(route.links.begin(), route.links.end(), id);
    route.dead_links += static_cast<std::uint32_t>(up ? -times : times);
  }
  if (!up) fail_if([](const Route& route) { return route.dead_links > 0; });
}

void Network::set_link_bandwidth(std::uint32_t id, double bytes_per_s) {
  LBSIM_CHECK(bytes_per_s >= 0);
  if (links_[id].sharing == Sharing::shared) shares_.set_capacity(links_[id].shared, bytes_per_s);
}

}  // namespace lbsim::kernel
