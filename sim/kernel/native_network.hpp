// Transfers: over which links, the latency phase, and what fails them. How those that are past
// their latency share bandwidth is BandwidthShares' business.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernel/native_core.hpp"
#include "kernel/native_sharing.hpp"
#include "kernel/native_stations.hpp"

namespace lbsim::kernel {

class Network {
 public:
  Network(NativeCore& core, const Stations& stations)
      : core_(core), stations_(stations), shares_(core) {}

  std::uint32_t add_link(const LinkSpec& spec);
  std::uint32_t add_route(NodeId from, NodeId to, std::span<const LinkId> links, Duration latency);
  std::uint32_t send(std::uint32_t route, double bytes, Token token);  // returns the item's slot
  double remove(std::uint32_t slot);  // the item leaves the network; returns the bytes that remain

  void set_link_up(std::uint32_t link, bool up);
  void set_link_bandwidth(std::uint32_t link, double bytes_per_s);
  void set_node_up(std::uint32_t node, bool up);  // it has changed

  BandwidthShares& shares() { return shares_; }
  const BandwidthShares& shares() const { return shares_; }

 private:
  struct Link {
    Sharing sharing;
    bool up = true;
    std::uint32_t shared = 0;  // its id in shares_, if it is shared
  };
  // What every send looks at; the rest of a route is in courses_.
  struct Route {
    std::int64_t latency_ps;
    std::uint32_t dead = 0;  // links and ends that are down
  };
  struct Course {
    std::uint32_t from, to;
    std::vector<std::uint32_t> links;
  };

  template <class Times>
  void count_dead(bool up, Times times);
  void fail_dead();

  NativeCore& core_;
  const Stations& stations_;
  BandwidthShares shares_;
  std::vector<Link> links_;
  std::vector<Route> routes_;
  std::vector<Course> courses_;
};

}  // namespace lbsim::kernel
