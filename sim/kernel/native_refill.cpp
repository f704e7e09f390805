// The exact levels of all links from scratch, by progressive filling over paths: raise one level
// for all until a link is full, freeze the paths that pass it, go on with the others.
#include <algorithm>
#include <utility>

#include "kernel/native_sharing.hpp"

namespace lbsim::kernel {

void BandwidthShares::refill() {
  std::vector<std::pair<double, std::uint32_t>> order;  // a min-heap of lower bounds of levels
  for (std::uint32_t id = 1; id < links_.size(); ++id) {
    Link& link = links_[id];
    link.free_capacity = link.capacity;
    link.free_demand = link.demand;
    if (can_bind(link)) order.emplace_back(from_rate(link.capacity) / from_rate(link.demand), id);
    for (const std::uint32_t path : link.paths) paths_[path].frozen = false;
  }
  const auto later = [](const auto& a, const auto& b) { return a > b; };
  std::make_heap(order.begin(), order.end(), later);
  while (!order.empty()) {
    std::pop_heap(order.begin(), order.end(), later);
    auto& [bound, id] = order.back();
    Link& link = links_[id];
    if (link.free_demand <= std::max(link.free_capacity, Rate{0})) {
      order.pop_back();
      continue;
    }
    const Rate capacity = std::max(link.free_capacity, Rate{0});
    const double level = from_rate(capacity) / from_rate(link.free_demand);
    if (level > bound) {
      bound = level;
      std::push_heap(order.begin(), order.end(), later);
      continue;
    }
    freeze(id, level);
    order.pop_back();
  }
  for (std::uint32_t id = 0; id < paths_.size(); ++id) {
    if (!paths_[id].frozen) bind(id, kCap);
  }
}

void BandwidthShares::freeze(std::uint32_t id, double level) {
  set_level(id, level);
  for (const std::uint32_t path_id : links_[id].paths) {
    Path& path = paths_[path_id];
    if (path.frozen || path.live == 0) continue;
    path.frozen = true;
    bind(path_id, id);
    const Rate used = to_rate(from_rate(path.demand) * level);
    for (const std::uint32_t other : path.links) {
      links_[other].free_capacity -= used;
      links_[other].free_demand -= path.demand;
    }
  }
}

}  // namespace lbsim::kernel
