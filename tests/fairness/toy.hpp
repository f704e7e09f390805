// A small pool with the rules that every balancer has, each right or with one fault.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "fairness/subject.hpp"

namespace lbsim::fairness::test {

enum class Rule {
  cycle,   // one after the other; weights ignored
  smooth,  // smooth weighted round robin
  least,   // fewest requests in flight per weight, the first on ties
  two,     // the less loaded of two different ones drawn by weight
  hash,    // highest hash of client and server (rendezvous)
};

enum class Fault {
  none,
  cycle_too_short,   // leaves out the last server
  ties_to_the_last,  // instead of the first
  ties_dropped,      // the one looked at first is kept only if it is better than server 0
  weight_ignored,
  weight_squared,
  weight_change_missed,
  modulo_hash,  // instead of one that keeps keys where they are
  drawn_with_replacement,
  counts_waiting_only,  // not the request that is being served
  never_recovers,
  slow_start_ignored,
  sessions_lost,  // when the pool changes
};

class Toy final : public algorithms::Upstream {
 public:
  Toy(Rule rule, Fault fault, const PoolConfig& config)
      : rule_(rule), fault_(fault), random_(config.seed, "toy") {
    for (const auto& server : config.servers) {
      servers_.push_back({server.cookie, server.weight, server.slow_start_s});
    }
  }

  algorithms::Pick begin(const algorithms::Request& request, algorithms::Attempt& attempt,
                         Time now) override {
    now_ = now;
    ServerId server = session_of(request);
    if (server == algorithms::kNoServer) server = pick(request);
    attempt.server = server;
    if (server == algorithms::kNoServer) return algorithms::Pick::none;
    ++servers_[server].in_flight;
    return algorithms::Pick::server;
  }
  algorithms::Pick next(const algorithms::Request& request, algorithms::Attempt& attempt,
                        algorithms::Result, Time now) override {
    Server& failed = servers_[attempt.server];
    --failed.in_flight;
    failed.left_alone_until = is(Fault::never_recovers) ? kNever : now + seconds(10);
    return begin(request, attempt, now);
  }
  void end(algorithms::Attempt& attempt, algorithms::Result, Time) override {
    --servers_[attempt.server].in_flight;
  }
  void abandon(std::uint64_t, Time) override {}

  void set_health(ServerId server, bool up, Time now) override {
    servers_[server].up = up;
    if (up) servers_[server].since = now;
    changed_ = true;
  }
  void set_admin(ServerId server, algorithms::AdminState state, Time) override {
    servers_[server].admin = state;
    changed_ = true;
  }
  void set_weight(ServerId server, int weight, Time) override {
    if (!is(Fault::weight_change_missed)) servers_[server].weight = weight;
    changed_ = true;
  }
  std::size_t size() const override { return servers_.size(); }
  std::string describe() const override { return ""; }

 private:
  struct Server {
    std::string cookie;
    int weight = 1;
    int slow_start_s = 0;
    int in_flight = 0;
    double current = 0;
    bool up = true;
    algorithms::AdminState admin = algorithms::AdminState::ready;
    Time left_alone_until = kTimeZero;
    Time since = Time::min();
  };

  bool is(Fault fault) const { return fault_ == fault; }

  bool usable(const Server& server) const {
    return server.up && server.admin == algorithms::AdminState::ready &&
           server.left_alone_until <= now_;
  }

  ServerId session_of(const algorithms::Request& request) const {
    if (request.cookie.empty() || (is(Fault::sessions_lost) && changed_)) {
      return algorithms::kNoServer;
    }
    for (ServerId s = 0; s < servers_.size(); ++s) {
      const bool there = servers_[s].up && servers_[s].left_alone_until <= now_ &&
                         servers_[s].admin != algorithms::AdminState::maintenance;
      if (there && request.cookie.starts_with("SRV=" + servers_[s].cookie + ";")) return s;
    }
    return algorithms::kNoServer;
  }

  double weight(const Server& server) const {
    if (is(Fault::weight_ignored)) return 1;
    double weight = server.weight;
    if (is(Fault::weight_squared)) weight *= weight;
    const bool warms = server.slow_start_s > 0 && server.since > Time::min() &&
                       now_ < server.since + seconds(server.slow_start_s);
    if (!warms || is(Fault::slow_start_ignored)) return weight;
    return weight * std::max(0.01, to_seconds(now_ - server.since) / server.slow_start_s);
  }

  ServerId pick(const algorithms::Request& request) {
    std::vector<ServerId> candidates;
    for (ServerId s = 0; s < servers_.size(); ++s) {
      if (usable(servers_[s])) candidates.push_back(s);
    }
    if (candidates.empty()) return algorithms::kNoServer;
    switch (rule_) {
      case Rule::cycle:
        return in_turn(candidates);
      case Rule::smooth:
        return smooth(candidates);
      case Rule::least:
        return least(candidates);
      case Rule::two:
        return of_two(candidates);
      case Rule::hash:
        break;
    }
    return hashed(candidates, request);
  }

  ServerId in_turn(const std::vector<ServerId>& candidates) {
    const std::size_t cycle = candidates.size() - (is(Fault::cycle_too_short) ? 1 : 0);
    return candidates[turn_++ % cycle];
  }

  ServerId smooth(const std::vector<ServerId>& candidates) {
    double total = 0;
    for (const ServerId s : candidates) {
      servers_[s].current += weight(servers_[s]);
      total += weight(servers_[s]);
    }
    const ServerId best = greatest(candidates, [&](ServerId s) { return servers_[s].current; });
    servers_[best].current -= total;
    return best;
  }

  ServerId least(const std::vector<ServerId>& candidates) {
    return greatest(candidates, [&](ServerId s) {
      const int counted = servers_[s].in_flight - (is(Fault::counts_waiting_only) ? 1 : 0);
      return -std::max(0, counted) / weight(servers_[s]);
    });
  }

  ServerId of_two(const std::vector<ServerId>& candidates) {
    const ServerId a = drawn(candidates);
    ServerId b = drawn(candidates);
    while (b == a && candidates.size() > 1 && !is(Fault::drawn_with_replacement)) {
      b = drawn(candidates);
    }
    return servers_[b].in_flight < servers_[a].in_flight ? b : a;
  }

  ServerId drawn(const std::vector<ServerId>& candidates) {
    double total = 0;
    for (const ServerId s : candidates) total += weight(servers_[s]);
    double point = random_.uniform() * total;
    for (const ServerId s : candidates) {
      point -= weight(servers_[s]);
      if (point < 0) return s;
    }
    return candidates.back();
  }

  ServerId hashed(const std::vector<ServerId>& candidates, const algorithms::Request& request) {
    const std::uint64_t key = request.client.v4_host_order();
    if (is(Fault::modulo_hash)) return candidates[Random(key).below(candidates.size())];
    return greatest(candidates, [&](ServerId s) { return Random(key << 32 | s).uniform(); });
  }

  template <class Value>
  ServerId greatest(const std::vector<ServerId>& candidates, const Value& value) const {
    ServerId best = candidates[0];
    if (is(Fault::ties_dropped)) best = candidates[candidates.size() / 2];
    for (const ServerId s : candidates) {
      const bool better = value(s) > value(best);
      if (better || (is(Fault::ties_to_the_last) && value(s) == value(best))) best = s;
    }
    return best;
  }

  Rule rule_;
  Fault fault_;
  Random random_;
  std::vector<Server> servers_;
  std::size_t turn_ = 0;
  bool changed_ = false;
  Time now_ = kTimeZero;
};

// `servers_max` bounds the pools it is measured in.
inline Subject toy(Rule rule, Fault fault = Fault::none, std::size_t servers_max = 16) {
  Subject subject;
  subject.name = "toy/" + std::to_string(static_cast<int>(rule));
  subject.make = [rule, fault](const PoolConfig& config) {
    return std::make_unique<Toy>(rule, fault, config);
  };
  subject.servers_max = servers_max;
  subject.session_parameters = {{"cookie", "SRV insert"}};
  return subject;
}

}  // namespace lbsim::fairness::test
