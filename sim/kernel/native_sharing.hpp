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
// kCap.
#pragma once

#include <cstdint>
#include <map>
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
  double remove(std::uint32_t slot);  // returns the bytes that remain; the item's state is kFree
  void collect(std::uint32_t link);   // its alarm has gone off: whatever is done is due

  // Levels are put right only before time goes on: all that happens at one date is one change.
  bool settled() const { return dirty_.empty() && stale_.empty(); }
  void settle();

  bool has_alarm(std::uint32_t alarm) const {
    return alarm < link_of_alarm_.size() && link_of_alarm_[alarm] != kNowhere;
  }
  std::uint32_t link_of(std::uint32_t alarm) const { return link_of_alarm_[alarm]; }
  double rate(std::uint32_t slot) const;  // bytes/s, of a transfer that shares; levels settled

 private:
  static constexpr std::uint32_t kCap = 0;

  struct Path {
    std::vector<std::uint32_t> links;
    PendingSet flows;  // marks on the path's clock
    std::uint32_t live = 0;
    std::uint32_t binder = kCap;
    double offset = 0;  // path's clock minus binder's
    Rate demand = 0;
    bool frozen = false;  // during a refill
  };
  struct Link {
    Rate capacity = 0;
    Rate demand = 0;
    VirtualClock clock;
    IndexedHeap<double> bound;         // paths by the reading of this clock at their first end
    std::vector<std::uint32_t> paths;  // all that pass it
    std::uint32_t alarm = 0;
    bool stale = false;      // its alarm may be wrong
    Rate free_capacity = 0;  // during a refill
    Rate free_demand = 0;
  };
  struct Route {
    std::uint32_t path;
    double cap;
    Rate demand;
  };

  bool alive(const Entry& entry) const { return core_.items.is(entry.order, kSharing); }
  double read(const Path& path) const {
    return links_[path.binder].clock.read(core_.now_ps) + path.offset;
  }
  void count(Path& path, Rate demand, bool starts);
  void first_changed(std::uint32_t path);
  void bind(std::uint32_t path, std::uint32_t binder);
  void mark_stale(std::uint32_t link);
  void set_level(std::uint32_t link, double level);
  void rearm(std::uint32_t link);
  void refill();
  void freeze(std::uint32_t link, double level);
  bool can_bind(const Link& link) const { return link.demand > link.capacity; }

  NativeCore& core_;
  std::vector<Link> links_;
  std::vector<Path> paths_;
  std::vector<Route> routes_;
  std::map<std::vector<std::uint32_t>, std::uint32_t> path_of_links_;
  std::vector<std::uint32_t> link_of_alarm_;
  Positions bound_at_;  // of the paths, in their binders' heaps
  std::vector<std::uint32_t> dirty_;
  std::vector<std::uint32_t> stale_;
};

}  // namespace lbsim::kernel
