// One virtual service of a Linux Virtual Server director (IPVS): a scheduler, its real servers, the
// connections they have and the timers that end these. The state and the picks are those of
// Linux 6.1.
//
// The caller opens a connection with its first packet and reports the others by the handle it got.
// In NAT mode that includes the server's: a half-open entry lives as long as SYN+ACKs are repeated.
//
// Time does not go back from call to call. Timers that are due fire at the start of each call.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "algorithms/ipvs/connection_table.hpp"
#include "algorithms/ipvs/persistence.hpp"
#include "algorithms/ipvs/scheduler.hpp"
#include "algorithms/ipvs/server_list.hpp"
#include "algorithms/ipvs/states.hpp"
#include "algorithms/ipvs/ticks.hpp"
#include "algorithms/ipvs/tuple_index.hpp"

namespace lbsim::algorithms::ipvs {

// net.ipv4.vs, see Documentation/networking/ipvs-sysctl.rst.
struct Sysctl {
  int conn_reuse_mode = 1;
  bool expire_quiescent_template = false;
  bool expire_nodest_conn = false;
  std::uint32_t lblc_expiration_s = 86400;
  std::uint32_t lblcr_expiration_s = 86400;
};

struct ServiceConfig {
  std::string scheduler = "wlc";
  std::vector<std::string> flags;  // sh-port, sh-fallback, mh-port, mh-fallback
  Mode mode = Mode::nat;
  Protocol protocol = Protocol::tcp;
  bool one_packet = false;  // UDP: every datagram is scheduled, none leaves an entry
  std::optional<PersistenceConfig> persistence;
  Sysctl sysctl;
  Timeouts timeouts;
  double jiffies0 = 0;     // the machine's tick counter at time zero: timers round by it
  std::uint64_t seed = 1;  // of twos
  // Finds a connection by its addresses and ports, for callers whose clients come again from the
  // same address and port before the old entry has ended, or which list entries. A simulator whose
  // clients never do leaves this off and holds the handles.
  bool track_tuples = false;
};

class Service {
 public:
  // Throws InputError if there is no such scheduler or flag.
  explicit Service(const ServiceConfig& config);
  Service(const Service&) = delete;  // its parts refer to each other
  Service& operator=(const Service&) = delete;

  // Control plane. Listed servers differ in address or port. Ids are stable: a server that is
  // removed and added again (same address and port) has the id, and the connections not yet
  // expired, that it had.
  ServerId add(const RealServer& server, Time now);
  void edit(ServerId id, std::int32_t weight, std::optional<std::uint32_t> upper,
            std::optional<std::uint32_t> lower, Time now);
  void set_weight(ServerId id, std::int32_t weight, Time now) { edit(id, weight, {}, {}, now); }
  void remove(ServerId id, Time now);
  void set_scheduler(const std::string& name, const std::vector<std::string>& flags, Time now);
  void set_timeouts(const Timeouts& timeouts);  // for timers armed later; 0: as it is

  struct Opened {
    ServerId server = kNoServer;  // none: refused (port unreachable), or lost if `dropped`
    Connection connection{};      // refers to nothing for one-packet services
    bool dropped = false;         // the entry of this tuple belongs to a server that was removed
  };

  // A SYN, or a datagram whose sender holds no handle.
  Opened open(const Flow& flow, Time now);

  enum class Verdict : std::uint8_t {
    forwarded,  // also what this mode cannot see
    dropped,    // the server was removed; the entry runs into its timeout
    no_entry,   // the entry has ended
  };

  // What the client or the server of a connection sends.
  Verdict packet(Connection connection, Packet what, Time now);

  // Fires the timers that are due.
  void advance(Time now) { advance(clock_.tick(now)); }

  const ServerList& servers() const {
    return servers_;
  }  // counters: servers()[id].active, .inactive
  const TickClock& clock() const { return clock_; }
  // A packet of this connection will come soon.
  void prefetch(Connection connection) const { table_.prefetch(connection); }
  std::uint32_t open_entries() const { return table_.open_entries(); }  // templates included
  std::size_t table_bytes() const { return table_.bytes(); }

  struct Listed {
    std::uint32_t client;
    std::uint16_t client_port;  // 0: a persistence template
    State state;
    std::uint32_t left_s;
  };
  // The connection table, in no order that means anything. Needs track_tuples.
  std::vector<Listed> entries(Time now);

  // One line per server and one for the scheduler: what decides the next pick.
  std::string describe() const;

 private:
  void advance(Tick now);
  void expire(std::uint32_t slot);
  void list_changed();
  void load_changed(ServerId id);
  void count(ServerId id, State state, int by);
  bool is_new_connection(const Entry& entry) const;
  std::uint32_t ticks_of(State state) const { return timeout_ticks_[static_cast<int>(state)]; }

  Verdict deliver(Connection connection, Packet what);
  Opened reuse(std::uint32_t slot);
  ServerId pick_persistent(const Flow& flow, std::uint32_t& controller);
  void move(std::uint32_t slot, Entry& entry, Packet what);

  ServiceConfig config_;
  TickClock clock_;
  ServerList servers_;
  std::unique_ptr<Scheduler> scheduler_;
  bool follows_load_ = false;  // whether the scheduler wants to hear of every change of a counter
  ConnectionTable table_;
  std::optional<Persistence> persistence_;
  TupleIndex tuples_;
  std::array<std::uint32_t, kStates> timeout_ticks_{};
};

}  // namespace lbsim::algorithms::ipvs
