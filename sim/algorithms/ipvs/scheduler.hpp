// The rule of a virtual service that picks a real server for a new connection. It looks at the list
// of servers and at nothing else; a pick does not change the list.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "algorithms/ipvs/server_list.hpp"
#include "algorithms/ipvs/ticks.hpp"

namespace lbsim::algorithms::ipvs {

// The first packet of a connection. Addresses in host order.
struct Flow {
  std::uint32_t client = 0;
  std::uint16_t client_port = 0;
  std::uint32_t vip = 0;
  std::uint16_t vport = 0;
};

class Scheduler {
 public:
  virtual ~Scheduler() = default;

  // kNoServer: none is usable.
  virtual ServerId pick(const Flow& flow, Tick now) = 0;

  // After the list has changed. `position` is the one that the removed server had.
  virtual void added() {}
  virtual void edited(ServerId) {}
  virtual void removed(std::size_t /*position*/) {}

  // After a server's counters or overload mark changed; called only if follows_load().
  virtual void load_changed(ServerId) {}
  virtual bool follows_load() const { return false; }

  // What, beside the list, decides the next pick; for traces that fail.
  virtual std::string describe() const { return ""; }
};

struct SchedulerSetup {
  const ServerList& servers;
  std::vector<std::string> flags;           // sh-port, sh-fallback, mh-port, mh-fallback
  std::uint32_t lblc_expiration_s = 86400;  // net.ipv4.vs.lblc_expiration
  std::uint32_t lblcr_expiration_s = 86400;
  Tick now = 0;
  std::uint64_t seed = 1;  // twos

  bool has_flag(std::string_view flag) const;
};

// Starts a scheduler on a list that may have servers already. Null: no scheduler of that name.
std::unique_ptr<Scheduler> make_scheduler(std::string_view name, const SchedulerSetup& setup);

// One of each per scheduler, in the file of its name.
std::unique_ptr<Scheduler> make_rr(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_wrr(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_lc(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_wlc(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_lblc(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_lblcr(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_dh(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_sh(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_mh(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_sed(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_nq(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_fo(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_ovf(const SchedulerSetup&);
std::unique_ptr<Scheduler> make_twos(const SchedulerSetup&);

}  // namespace lbsim::algorithms::ipvs
