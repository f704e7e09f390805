// Apache mod_jk's load balancer worker: methods Request, Session, Traffic, Busyness and Next. Each
// member has a load value; the smallest is picked. Values and states are in shared memory; where
// the search starts (`next`) is private to each process. Source: Apache Tomcat Connectors
// documentation, "workers.properties configuration"; behaviour of mod_jk 1.2.48 as in Debian 12.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::apache {

enum class JkMethod : std::uint8_t { request, session, traffic, busyness, next };
enum class JkActivation : std::uint8_t { active, disabled, stopped };
enum class JkState : std::uint8_t { ok, recover, probe, forced, error };

struct JkMember {
  std::string name;
  std::string route;
  std::string domain;
  std::string redirect;
  std::uint64_t lbfactor = 1;
  int distance = 0;
  JkActivation activation = JkActivation::active;

  std::uint64_t mult = 1;   // least common multiple of all lbfactors / lbfactor
  std::uint64_t value = 0;  // the load value
  std::uint64_t elected = 0;
  JkState state = JkState::ok;
  Time error_time{};                     // the last one
  std::optional<Time> unresolved_since;  // first error since the last success or recovery

  // For requests without a session of this member.
  bool usable() const {
    return state != JkState::error && state != JkState::probe && activation == JkActivation::active;
  }
  bool usable_for_its_sessions() const {
    return state != JkState::error && state != JkState::probe &&
           activation != JkActivation::stopped;
  }
};

struct JkConfig {
  JkMethod method = JkMethod::request;
  Duration recover_time = seconds(60);
  Duration maintain = seconds(60);
};

// What one run of the maintenance does.
struct JkMaintenance {
  unsigned exponent = 0;  // how often values are halved: intervals elapsed
  std::vector<ServerId> recovered;
  std::vector<ServerId> escalated;
};

class JkBalancer : public Upstream {
 public:
  JkBalancer(std::vector<JkMember> members, JkConfig config, std::size_t processes = 1);

  // Runs the maintenance first if it is due.
  Pick begin(const Request& request, Attempt& attempt, Time now) override;
  Pick next(const Request& request, Attempt& attempt, Result why, Time now) override;
  void end(Attempt& attempt, Result result, Time now) override;
  void abandon(std::uint64_t, Time) override {}

  void set_health(ServerId, bool, Time) override {}
  void set_admin(ServerId server, AdminState state, Time now) override;
  void set_weight(ServerId server, int weight, Time now) override;
  void set_activation(ServerId server, JkActivation activation);
  void count_bytes(ServerId server, std::uint64_t sent, std::uint64_t received) override;

  // The process that serves the requests from now on.
  void set_process(std::size_t process) { process_ = process; }

  // By the clock: what the maintenance at `now` would do.
  std::optional<JkMaintenance> due_maintenance(Time now) const;
  void maintain(const JkMaintenance& maintenance, Time now);
  // Off: only `maintain` runs it.
  void set_automatic_maintenance(bool on) { automatic_maintenance_ = on; }

  std::size_t size() const override { return members_.size(); }
  std::string describe() const override;
  const JkMember& member(ServerId server) const { return members_[server]; }

 private:
  Pick try_members(const Request& request, Attempt& attempt, Time now);
  ServerId find(const Request& request);
  ServerId find_by_route(std::string_view route) const;
  ServerId find_by_session(std::string_view route) const;
  ServerId find_in_domain(std::string_view route) const;
  ServerId find_best();
  bool force_failed_members();
  void fail(ServerId server, Time now);
  void compute_mult();
  std::uint64_t decay(unsigned exponent);

  std::vector<JkMember> members_;
  JkConfig config_;
  std::vector<ServerId> next_;  // by process
  std::size_t process_ = 0;
  bool automatic_maintenance_ = true;
  Time last_maintenance_{};
};

}  // namespace lbsim::algorithms::apache
