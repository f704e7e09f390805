// The exact levels of all links from scratch, by progressive filling over paths: raise one level
// for all until a link is full, freeze the paths that pass it, go on with the others.
#include <algorithm>
#include <utility>

#include "kernel/native_sharing.hpp"

namespace lbsim::kernel {

// All its dirty links at once.
void BandwidthShares::settle_component(Component& component) {
  if (component.star || !component.dirty) return;
  component.dirty = false;
  refill(component);
  for (const std::uint32_t id : component.links) {
    const Link& link = links_[id];
    component.replan |= link.candidate && link.demand * 2 < link.capacity;
  }
}

void BandwidthShares::refill(const Component& component) {
  std::vector<std::pair<double, std::uint32_t>> order;  // a min-heap of lower bounds of levels
  for (const std::uint32_t id : component.links) {
    const Link& link = links_[id];
    free_[id] = {link.demand, link.capacity};
    if (can_bind(link)) order.emplace_back(saturation(link), id);
  }
  for (const std::uint32_t path : component.paths) paths_[path].frozen = false;
  const auto later = [](const auto& a, const auto& b) { return a > b; };
  std::make_heap(order.begin(), order.end(), later);
  while (!order.empty()) {
    std::pop_heap(order.begin(), order.end(), later);
    auto& [bound, id] = order.back();
    const Rate capacity = std::max(free_[id].capacity, Rate{0});
    if (free_[id].demand <= capacity) {
      order.pop_back();
      continue;
    }
    const double level = from_rate(capacity) / from_rate(free_[id].demand);
    if (level > bound) {
      bound = level;
      std::push_heap(order.begin(), order.end(), later);
      continue;
    }
    freeze(id, level);
    order.pop_back();
  }
  for (const std::uint32_t id : component.paths) {
    if (!paths_[id].frozen) bind(id, kCap);
  }
}

void BandwidthShares::freeze(std::uint32_t id, double level) {
  set_level(id, level);
  for (const std::uint32_t path_id : link_paths_[id]) {
    Path& path = paths_[path_id];
    if (path.frozen || path.live == 0) continue;
    path.frozen = true;
    bind(path_id, id);
    const Rate used = to_rate(from_rate(path.demand) * level);
    for (const std::uint32_t other : links_of(path)) {
      free_[other].capacity -= used;
      free_[other].demand -= path.demand;
    }
  }
}

}  // namespace lbsim::kernel
