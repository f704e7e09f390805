// How transfers share links: max-min fair, weighted by 1 / latency, each capped at
// kTcpGamma / (2 * latency) (SimGrid's CM02; Bertsekas and Gallager, Data Networks, 6.5.2).
//
// A cap is proportional to the weight, so everything is counted in caps. The demand of a transfer
// is its cap in bytes/s, its work the seconds that it would take at its cap, and its level, in [0,
// 1], the part of its cap that it gets. All transfers over the same links have the same level,
// whatever their latencies: they form one path with one heap, keyed by the reading of the path's
// clock at which they are done. A path gets the lowest of its links' levels, which is that of its
// binder; the binder's virtual clock is the path's, but for an offset. So a change of a link's
// level touches one clock and one alarm. Paths that no link binds have the level 1 and are bound by
// kCap. A transfer that starts at the level 1 flies: it has a date, and becomes one that shares
// when the level of its path falls.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "kernel/native_core.hpp"
#include "kernel/native_rate.hpp"

namespace lbsim::kernel {

class BandwidthShares {
 public:
  explicit BandwidthShares(NativeCore& core);

  std::uint32_t add_link(double bytes_per_s);
  // Whose transfers pass these links (each once) and are capped at `cap` bytes/s; returns the id
  // that the items of the transfers name as their place: 0, 1, ...
  std::uint32_t add_route(std::vector<std::uint32_t> links, double cap_bytes_per_s);
  void set_capacity(std::uint32_t link, double bytes_per_s);

  void start(std::uint32_t slot, double bytes);
  void land(std::uint32_t slot);      // a flying transfer's date has come
  double remove(std::uint32_t slot);  // returns the bytes that remain; the item's state is kFree
  void collect(std::uint32_t link);   // its alarm has gone off: whatever is done is due

  // Levels are put right only before time goes on: all that happens at one date is one change.
  bool settled() const { return dirty_.empty() && stale_.empty(); }
  void settle();

  bool has_alarm(std::uint32_t alarm) const {
    return alarm < link_of_alarm_.size() && link_of_alarm_[alarm] != kNowhere;
  }
  std::uint32_t link_of(std::uint32_t alarm) const { return link_of_alarm_[alarm]; }
  std::size_t entries_held() const;
  double rate(std::uint32_t slot) const;  // bytes/s, of a transfer that shares; levels settled

 private:
  static constexpr std::uint32_t kCap = 0;

  struct alignas(64) Path {
    Rate demand = 0;
    std::vector<std::uint32_t> flying;  // slots
    std::uint32_t live = 0;
    std::uint32_t binder = kCap;
    std::uint32_t first_link = 0;  // in path_links_
    std::uint32_t links = 0;
    std::uint32_t home = kCap;  // its binder, in a star, unless its leaf binds
    bool frozen = false;        // during a refill
    PendingSet flows;           // marks on the path's clock
    double offset = 0;          // path's clock minus binder's
  };
  enum class Role : std::uint8_t { none, root, leaf };
  enum class Standing : std::uint8_t { idle, free, bound };
  // What every transfer counts in and out of comes first, in one cache line.
  struct alignas(64) Link {
    Rate capacity = 0;
    Rate demand = 0;
    std::uint32_t alarm = 0;
    std::uint32_t component = 0;
    std::uint32_t parent = kCap;  // of a leaf: its root
    Role role = Role::none;
    Standing standing = Standing::idle;  // of a leaf; idle: cannot bind, or is no leaf
    bool stale = false;                  // its alarm may be wrong
    bool dirty = false;                  // its level may be wrong
    bool candidate = false;              // the plan allows for its binding
    // A leaf that has emptied while it bound its paths is still named by them as their binder: it
    // is likely to bind the next transfer, too.
    bool keeps_paths = false;
    alignas(64) VirtualClock clock;
    IndexedHeap<double> bound;  // paths by the reading of this clock at their first end
  };
  struct Star {                        // of a root
    IndexedHeap<double> free_leaves;   // by saturation, lowest first
    IndexedHeap<double> bound_leaves;  // by minus saturation
    Rate bound_demand = 0;             // sums over the bound leaves
    Rate bound_capacity = 0;
  };
  struct Free {  // of a link, during a refill
    Rate demand = 0;
    Rate capacity = 0;
  };
  // Links that share paths, directly or through others.
  struct Component {
    std::vector<std::uint32_t> links;
    std::vector<std::uint32_t> paths;
    bool star = false;
    bool selective = false;  // only links that have been able to bind are candidates
    bool dirty = false;
    bool replan = false;
  };
  struct Route {
    std::uint32_t path;
    std::uint32_t cap;  // in caps_
  };
  struct Cap {
    double bytes_per_s;
    Rate rate;
  };

  std::uint32_t cap_of(double bytes_per_s);
  std::span<const std::uint32_t> links_of(const Path& path) const {
    return {path_links_.data() + path.first_link, path.links};
  }
  bool alive(const Entry& entry) const { return core_.items.is(entry.order, State::sharing); }
  double read(const Path& path) const {
    return links_[path.binder].clock.read(core_.now_ps) + path.offset;
  }
  void count(Path& path, Rate demand, bool starts);
  void first_changed(std::uint32_t path);
  void share(std::uint32_t slot, double seconds_at_cap);
  void leave_flying(std::uint32_t slot);
  void stop_flying(std::uint32_t path);
  double flight_left_s(const Item& item) const;
  void bind(std::uint32_t path, std::uint32_t binder);
  void mark_stale(std::uint32_t link);
  void set_level(std::uint32_t link, double level);
  void rearm(std::uint32_t link);
  void rewind(Link& link);
  void mark_dirty(std::uint32_t link);
  void find_components();
  void plan();
  void plan(Component& component);
  bool assign_roles(const Component& component);
  bool assign_role(std::uint32_t link);
  void assign_homes(const Component& component);
  void enter_star(const Component& component);
  void settle_leaf(std::uint32_t link);
  void settle_root(std::uint32_t link);
  void bind_leaf(std::uint32_t leaf, double level);
  void free_leaf(std::uint32_t leaf, double level);
  void leave(std::uint32_t leaf);
  void move_paths(std::uint32_t leaf, std::uint32_t to);
  double saturation(const Link& link) const {
    return from_rate(link.capacity) / from_rate(link.demand);
  }
  void settle_component(Component& component);
  void refill(const Component& component);
  void freeze(std::uint32_t link, double level);
  bool can_bind(const Link& link) const { return link.demand > link.capacity; }

  NativeCore& core_;
  std::vector<Link> links_;
  std::vector<Star> stars_;                             // by link
  std::vector<std::vector<std::uint32_t>> link_paths_;  // by link: all that pass it
  std::vector<Free> free_;                              // by link
  std::vector<Path> paths_;
  std::vector<std::uint32_t> path_links_;
  std::vector<Route> routes_;
  std::vector<Cap> caps_;  // of the different latencies
  std::vector<Component> components_;
  std::map<std::vector<std::uint32_t>, std::uint32_t> path_of_links_;
  std::vector<std::uint32_t> link_of_alarm_;
  Positions bound_at_;  // of the paths, in their binders' heaps
  Positions leaf_at_;   // of the leaves, in their roots' heaps
  bool planned_ = true;
  std::vector<std::uint32_t> dirty_;
  std::vector<std::uint32_t> stale_;
};

}  // namespace lbsim::kernel
