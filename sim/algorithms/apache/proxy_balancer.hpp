// Apache mod_proxy_balancer: which members take part in a pick, sessions, failover and recovery.
// The method only compares. Source: Apache HTTP Server documentation, mod_proxy,
// mod_proxy_balancer; behaviour of httpd 2.4 as in Debian 12.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "algorithms/apache/proxy_member.hpp"
#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::apache {

struct ProxyConfig {
  std::string sticky_cookie;  // stickysession; empty: no sessions
  std::string sticky_path;
  bool semicolon_ends_path = false;  // scolonpathdelim
  bool no_failover = false;          // nofailover
  bool force_recovery = true;        // forcerecovery
  std::vector<int> fail_on_status;   // failonstatus
};

// What happened while a server was looked for, in order.
struct ProxyStep {
  enum class Kind { pick, sticky, forced_recovery, retry };
  Kind kind = Kind::pick;
  ServerId server = kNoServer;
  std::uint64_t busy = 0;     // of a pick, before it counts
  std::int64_t lbstatus = 0;  // of a pick, before the deduction
};

class ProxyBalancer : public Upstream {
 public:
  ProxyBalancer(std::vector<ProxyMember> members, ProxyConfig config,
                std::unique_ptr<ProxyMethod> method);

  Pick begin(const Request& request, Attempt& attempt, Time now) override;
  // Fails over after a refused connection only; other failures end the attempt.
  Pick next(const Request& request, Attempt& attempt, Result why, Time now) override;
  // server_error stands for any status that failonstatus names.
  void end(Attempt& attempt, Result result, Time now) override;
  void end_with_status(Attempt& attempt, int status, Time now);
  void abandon(std::uint64_t, Time) override {}

  void set_health(ServerId server, bool up, Time now) override;
  void set_admin(ServerId server, AdminState state, Time now) override;
  void set_weight(ServerId server, int weight, Time now) override;
  // 100 * loadfactor. Every member's lbstatus becomes its lbfactor, as balancer-manager does it.
  void set_lbfactor(ServerId server, std::int64_t lbfactor);
  void count_bytes(ServerId server, std::uint64_t sent, std::uint64_t received) override;

  ReportWishes report_wishes() const override { return method_->report_wishes(); }
  void report(ServerId server, const Report& report, Time now) override {
    method_->report(server, report, now);
  }

  std::size_t size() const override { return members_.size(); }
  std::string describe() const override;

  const ProxyMember& member(ServerId server) const { return members_[server]; }
  ProxyMember& settings(ServerId server) { return members_[server]; }  // for flags at run time
  // Since the last clear by the caller; only kept if asked for.
  const std::vector<ProxyStep>& steps() const { return steps_; }
  void clear_steps() { steps_.clear(); }
  void keep_steps() { keeps_steps_ = true; }

 private:
  // A request in progress: every member tried counts it as busy until it ends.
  struct InProgress {
    std::vector<ServerId> tried;
  };

  Pick try_once(const Request& request, Attempt& attempt, Time now);
  std::string_view session_route(const Request& request) const;
  ServerId find_route(std::string_view route, Time now, std::size_t redirects_left);
  ServerId find_route_among(std::string_view route, bool standbys, Time now,
                            std::size_t redirects_left);
  ServerId find_best(Time now);
  ServerId look_at_all(Time now);
  ServerId find_best_in_set(int lbset, Time now);
  void offer(ServerId server, ServerId& best);
  void count_sticky_pick(ServerId server);
  void recover_if_all_failed(Time now);
  void retry_if_due(ServerId server, Time now);
  bool is_member_route(std::string_view route) const;
  void fail(ServerId server, Time now);
  void finish(Attempt& attempt);
  void note(ProxyStep::Kind kind, ServerId server);

  std::vector<ProxyMember> members_;
  ProxyConfig config_;
  std::unique_ptr<ProxyMethod> method_;
  std::vector<InProgress> in_progress_;      // by Attempt::memory - 1
  std::vector<std::uint32_t> free_;          // unused entries of in_progress_
  std::vector<ServerId> spares_, standbys_;  // of the scan under way
  bool keeps_steps_ = false;
  std::vector<ProxyStep> steps_;
};

}  // namespace lbsim::algorithms::apache
