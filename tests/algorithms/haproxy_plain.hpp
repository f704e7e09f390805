// leastconn written down plainly: a number per server, and a scan of all servers at each pick.
#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/algorithm.hpp"

namespace lbsim::algorithms::haproxy {

class PlainLeastconn {
 public:
  explicit PlainLeastconn(const std::vector<ServerConfig>& servers) {
    for (const ServerConfig& server : servers) {
      servers_.push_back({.backup = server.backup, .max_conns = server.max_conns});
      set_weight(servers_.size() - 1, server.weight);
    }
  }

  // The server that gets the request, which counts from now on; kNoServer: none has a free slot.
  ServerId begin() {
    const ServerId s = find();
    if (s != kNoServer) count(s, +1);
    return s;
  }
  void end(ServerId s) { count(s, -1); }

  void set_weight(std::size_t s, int weight) {
    if (servers_[s].weight == 16 * weight) return;
    servers_[s].weight = 16 * weight;
    place(servers_[s]);
  }
  void set_ready(std::size_t s, bool ready) {
    if (servers_[s].ready == ready) return;
    servers_[s].ready = ready;
    place(servers_[s]);
  }

 private:
  struct Server {
    std::int64_t weight = 0;  // in sixteenths
    std::int64_t in_flight = 0;
    std::int64_t key = 0;
    std::uint64_t since = 0;  // number of the change that gave it its key
    bool backup = false;
    bool ready = true;
    std::int64_t max_conns = 0;

    bool usable() const { return ready && weight > 0; }
    bool has_room() const { return max_conns == 0 || in_flight < max_conns; }
  };

  void place(Server& server) {
    if (server.usable()) server.key = key_of(server);
    server.since = ++changes_;
  }
  static std::int64_t key_of(const Server& s) {
    return s.in_flight == 0 ? 0 : (s.in_flight + 1) * 4096 / s.weight;
  }

  void count(ServerId s, int by) {
    Server& server = servers_[s];
    server.in_flight += by;
    if (server.usable() && key_of(server) != server.key) place(server);
  }

  ServerId find() const {
    ServerId best = kNoServer;
    ServerId first_backup = kNoServer;
    bool any_active = false;
    for (ServerId s = 0; s < servers_.size(); ++s) {
      const Server& server = servers_[s];
      if (!server.usable()) continue;
      if (server.backup) {
        if (first_backup == kNoServer) first_backup = s;
        continue;
      }
      any_active = true;
      if (!server.has_room()) continue;
      if (best == kNoServer || server.key < servers_[best].key ||
          (server.key == servers_[best].key && server.since < servers_[best].since)) {
        best = s;
      }
    }
    if (any_active || first_backup == kNoServer) return best;
    return servers_[first_backup].has_room() ? first_backup : kNoServer;
  }

  std::vector<Server> servers_;
  std::uint64_t changes_ = 0;
};

}  // namespace lbsim::algorithms::haproxy
