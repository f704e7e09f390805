// A star: one root link and leaf links all of whose paths pass the root (servers' NICs behind one
// uplink). A leaf alone would fill at the level capacity / demand, its saturation; it binds its
// paths if that is below the root's level. The root's level is what the bound leaves leave to the
// others: (capacity - sum of bound capacities) / (demand - sum of bound demands), 1 at most.
//
// From any division of the leaves, each move below raises that level or leaves it: a leaf released
// at a saturation s >= level gives back capacity and demand in the ratio s, one bound at s < level
// takes them away. So a leaf moves at most twice, and the heaps find those that move.
#include <algorithm>

#include "kernel/native_sharing.hpp"

namespace lbsim::kernel {

// Binding a leaf whose saturation is the root's level but for rounding would change nothing, and
// might not end.
constexpr double kSame = 1 - 1e-14;

void BandwidthShares::settle_leaf(std::uint32_t id) {
  Link& leaf = links_[id];
  Star& star = stars_[leaf.parent];
  mark_dirty(leaf.parent);
  if (!can_bind(leaf)) {
    leaf.keeps_paths |= leaf.standing == Standing::bound;
    leave(id);
  } else {
    const double level = saturation(leaf);
    if (leaf.standing == Standing::bound) {
      star.bound_leaves.update(leaf_at_, id, -level);
      set_level(id, level);
    } else if (leaf.standing == Standing::free) {
      star.free_leaves.update(leaf_at_, id, level);
    } else if (level < links_[leaf.parent].clock.level) {
      bind_leaf(id, level);  // a guess: the root will tell
    } else {
      free_leaf(id, level);
    }
  }
  if (leaf.keeps_paths && leaf.demand > 0) move_paths(id, leaf.parent);
}

void BandwidthShares::settle_root(std::uint32_t id) {
  const Link& root = links_[id];
  Star& star = stars_[id];
  for (;;) {
    const Rate capacity = root.capacity - star.bound_capacity;
    const Rate demand = root.demand - star.bound_demand;
    double level = 1;
    if (capacity < demand || capacity < 0) {
      level = capacity > 0 ? from_rate(capacity) / from_rate(demand) : 0;
    }
    if (!star.bound_leaves.empty() && -star.bound_leaves.top().key >= level) {
      const auto [saturation, leaf] = star.bound_leaves.top();
      leave(leaf);
      move_paths(leaf, id);
      free_leaf(leaf, -saturation);
    } else if (!star.free_leaves.empty() && star.free_leaves.top().key < level * kSame) {
      const auto [saturation, leaf] = star.free_leaves.top();
      leave(leaf);
      bind_leaf(leaf, saturation);
    } else {
      return set_level(id, level);
    }
  }
}

void BandwidthShares::bind_leaf(std::uint32_t id, double level) {
  Link& leaf = links_[id];
  Star& star = stars_[leaf.parent];
  star.bound_leaves.insert(leaf_at_, id, -level);
  star.bound_demand += leaf.demand;
  star.bound_capacity += leaf.capacity;
  leaf.standing = Standing::bound;
  set_level(id, level);
  move_paths(id, id);
}

void BandwidthShares::free_leaf(std::uint32_t id, double level) {
  links_[id].standing = Standing::free;
  stars_[links_[id].parent].free_leaves.insert(leaf_at_, id, level);
}

// The leaf becomes idle; its paths stay where they are.
void BandwidthShares::leave(std::uint32_t id) {
  Link& leaf = links_[id];
  Star& star = stars_[leaf.parent];
  if (leaf.standing == Standing::free) star.free_leaves.remove(leaf_at_, id);
  if (leaf.standing == Standing::bound) {
    star.bound_leaves.remove(leaf_at_, id);
    star.bound_demand -= leaf.demand;
    star.bound_capacity -= leaf.capacity;
  }
  leaf.standing = Standing::idle;
}

void BandwidthShares::move_paths(std::uint32_t leaf, std::uint32_t to) {
  links_[leaf].keeps_paths = false;
  for (const std::uint32_t path : link_paths_[leaf]) bind(path, to);
}

// From whatever was before: no leaf binds, all are to be looked at.
void BandwidthShares::enter_star(const Component& component) {
  for (const std::uint32_t path : component.paths) bind(path, paths_[path].home);
  for (const std::uint32_t id : component.links) {
    links_[id].standing = Standing::idle;
    links_[id].keeps_paths = false;
    stars_[id] = {};
    leaf_at_[id] = kNowhere;
    mark_dirty(id);
  }
}

}  // namespace lbsim::kernel
