// State of the servers of one backend that all of its parts share: effective weights, usability,
// slots in use and their limits. Behaviour: HAProxy 2.6 configuration manual, sections 4.2
// (fullconn, option allbackups) and 5.2 (weight, backup, maxconn, minconn, slowstart).
#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/algorithm.hpp"

namespace lbsim::algorithms::haproxy {

// Dynamic methods work on sixteenths of the configured weight, so that a slow start has steps;
// static ones on the configured weights divided by their greatest common divisor.
enum class WeightScale : std::uint8_t { dynamic, fixed };

struct Server {
  std::uint32_t weight = 0;    // effective; 0 is never picked
  std::uint32_t served = 0;    // requests that hold a slot
  std::uint32_t waiting = 0;   // requests in the server's own queue
  std::uint32_t sessions = 0;  // served, and those moved here when it left maintenance
  int max_conns = 0;           // 0: no limit
  int min_conns = 0;           // equal to max_conns: the limit does not move
  bool usable = false;         // running, not draining, weight above 0
  bool backup = false;
  bool running = true;    // neither in maintenance nor down by health check
  bool starting = false;  // slow start under way
  bool healthy = true;
  AdminState admin = AdminState::ready;
  int user_weight = 1;  // set at run time
  int configured_weight = 1;
  int slow_start_s = 0;
  int id = 0;
  std::int64_t changed_s = 0;  // clock second of the last change of `running`
};

class Servers {
 public:
  // Which servers answer: backups only when no active server is usable, and then only the first
  // usable one unless `option allbackups` is set.
  enum class Serving : std::uint8_t { active, first_backup, backups, none };

  Servers(const std::vector<ServerConfig>& servers, WeightScale scale, bool all_backups,
          int full_conns);

  std::size_t size() const { return servers_.size(); }
  const Server& operator[](ServerId s) const { return servers_[s]; }
  Server& operator[](ServerId s) { return servers_[s]; }

  Serving serving() const { return serving_; }
  ServerId first_backup() const { return first_backup_; }       // when serving() says so
  std::uint32_t usable_count() const { return usable_count_; }  // of those serving
  std::uint32_t active_count() const { return groups_[0].count; }
  std::uint32_t total_weight() const { return total_weight_; }  // of those serving
  bool all_backups() const { return all_backups_; }

  // Whether the server may take requests from the backend's queue, its state apart.
  bool in_serving_group(ServerId s) const;

  // Slots that the server has at present. Only for servers with max_conns.
  std::uint32_t limit(ServerId s) const;
  bool full(ServerId s) const {
    const Server& server = servers_[s];
    return server.max_conns != 0 && (server.waiting != 0 || server.served >= limit(s));
  }

  // Computes weight and usability anew from what they follow from; false when nothing changed.
  bool refresh(ServerId s);

  WeightScale scale() const { return scale_; }
  std::int64_t now_s = 0;              // whole seconds of the clock
  std::uint32_t backend_served = 0;    // over all servers
  std::uint32_t backend_sessions = 0;  // those queued included

 private:
  struct Group {
    std::uint32_t count = 0;
    std::uint32_t weight = 0;
  };

  std::uint32_t effective_weight(const Server& server) const;
  void count(const Server& server, int sign);
  void elect();

  std::vector<Server> servers_;
  WeightScale scale_;
  bool all_backups_;
  std::uint32_t full_conns_;
  std::uint32_t divisor_ = 1;
  Group groups_[2];  // active, backup: usable servers
  Serving serving_ = Serving::none;
  ServerId first_backup_ = kNoServer;
  std::uint32_t usable_count_ = 0;
  std::uint32_t total_weight_ = 0;
};

}  // namespace lbsim::algorithms::haproxy
