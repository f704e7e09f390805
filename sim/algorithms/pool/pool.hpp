// A pool whose rule is no daemon's own (families f5 and modern): the life of a request, and what is
// put around every rule: tries, connection limits, stickiness, bounded load, slow start, priority
// groups. The rule says only which member it would take.
//
// ServerConfig fields read: name (else address), weight (0..65535; 0 takes no new requests),
// backup, down, max_conns, slow_start_s, cookie.
//
// Where the bound or a slow start leaves no member, they do not count for that request. Where no
// member of the groups that serve is left, the one of another group with the fewest requests for
// its weight takes it. Full members and members tried before never do.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "algorithms/parameters.hpp"
#include "algorithms/pool/members.hpp"
#include "algorithms/pool/query.hpp"
#include "algorithms/pool/rule.hpp"
#include "algorithms/pool/slow_start.hpp"
#include "algorithms/pool/sticky.hpp"
#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::pool {

// The parameters that every rule gets; `changed` are other defaults than the usual.
std::vector<ParameterSpec> common_parameters(const GivenParameters& changed = {});

class Pool final : public Upstream {
 public:
  using MakeRule = std::function<std::unique_ptr<Rule>(const Members&)>;

  // Throws InputError.
  Pool(const PoolConfig& config, const Parameters& parameters, const MakeRule& make_rule);

  Pick begin(const Request& request, Attempt& attempt, Time now) override;
  // Tries another member after refused, timeout and reset, as long as `tries` allows.
  Pick next(const Request& request, Attempt& attempt, Result why, Time now) override;
  void end(Attempt& attempt, Result result, Time now) override;
  void abandon(std::uint64_t, Time) override {}  // nothing queues here

  void set_health(ServerId server, bool up, Time now) override;
  void set_admin(ServerId server, AdminState state, Time now) override;
  void set_weight(ServerId server, int weight, Time now) override;  // 0..65535

  ReportWishes report_wishes() const override { return rule_->report_wishes(); }
  void report(ServerId server, const Report& report, Time now) override;

  std::size_t size() const override { return members_.size(); }
  const Member& member(ServerId s) const { return members_[s]; }
  std::string describe() const override;

 private:
  // What is remembered of a request that was tried before, or whose time is taken.
  struct Record {
    Tried tried;
    std::uint32_t tries = 1;
    Time started{};
  };

  ServerId choose(const Request& request, const Tried* tried, Time now);
  ServerId stuck_to(const Request& request) const;
  ServerId spare(const Tried* tried) const;
  Pick take(const Request& request, Attempt& attempt, ServerId s, Time now);
  void release(const Attempt& attempt, Result result, Time now);
  Record& remember(Attempt& attempt);
  void forget(Attempt& attempt);
  void advance(Time now);
  void after_change(ServerId server, bool was_available, Time now);

  Members members_;
  Sticky sticky_;
  SlowStart slow_start_;
  std::uint64_t bound_thousandths_;
  std::uint32_t tries_max_;  // 0: as many as there are members
  std::unique_ptr<Rule> rule_;
  bool timed_;
  std::vector<Record> records_;
  std::vector<std::uint32_t> free_records_;
};

}  // namespace lbsim::algorithms::pool
