// Ordered servers of which the full ones do not count: what leastconn and first pick from.
#pragma once

#include <vector>

#include "algorithms/haproxy/ordered.hpp"
#include "algorithms/haproxy/servers.hpp"

namespace lbsim::algorithms::haproxy {

class OrderedWithRoom {
 public:
  // `queue_fills`: whether a server for which requests wait has no room, whatever its limit. (A
  // limit that moves may have grown since they came.)
  OrderedWithRoom(const Servers& servers, bool queue_fills)
      : servers_(servers),
        queue_fills_(queue_fills),
        ordered_(servers.size()),
        positions_(servers.size(), OrderedServers::kAbsent) {}

  bool contains(ServerId s) const { return positions_[s] != OrderedServers::kAbsent; }
  std::uint32_t key(ServerId s) const { return static_cast<std::uint32_t>(positions_[s] >> 96); }

  void insert(ServerId s, std::uint32_t key) {
    positions_[s] = ordered_.new_position(s, key);
    room_changed(s);
  }
  void erase(ServerId s) {
    positions_[s] = OrderedServers::kAbsent;
    ordered_.erase(s);
  }

  // A server at its maxconn is out of sight and keeps its place. Limits below maxconn, which move
  // with the load of the backend and with slow starts, are looked at when picking.
  void room_changed(ServerId s) {
    const Server& server = servers_[s];
    const auto most = static_cast<std::uint32_t>(server.max_conns);
    const bool full =
        most != 0 && (server.served + server.waiting >= most || is_filled_by_queue(server));
    ordered_.restore(s, full ? OrderedServers::kAbsent : positions_[s]);
  }

  // The first with room other than `avoid`; `avoid` if it alone has room; kNoServer.
  ServerId first(ServerId avoid) {
    ServerId s = ordered_.first();
    if (s == kNoServer || (s != avoid && has_room(s))) return s;
    bool avoided = false;
    hidden_.clear();
    while (s != kNoServer && (s == avoid || !has_room(s))) {
      avoided = avoided || (s == avoid && has_room(s));
      hidden_.push_back(s);
      ordered_.erase(s);
      s = ordered_.first();
    }
    for (const ServerId h : hidden_) ordered_.restore(h, positions_[h]);
    return s == kNoServer && avoided ? avoid : s;
  }

 private:
  bool has_room(ServerId s) const {
    const Server& server = servers_[s];
    if (server.max_conns == 0) return true;
    return !is_filled_by_queue(server) && server.served + server.waiting < servers_.limit(s);
  }
  bool is_filled_by_queue(const Server& server) const {
    return queue_fills_ && server.waiting != 0;
  }

  const Servers& servers_;
  bool queue_fills_;
  OrderedServers ordered_;
  std::vector<OrderedServers::Position> positions_;  // of those out of sight, too
  std::vector<ServerId> hidden_;
};

}  // namespace lbsim::algorithms::haproxy
