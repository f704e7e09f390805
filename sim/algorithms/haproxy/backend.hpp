// One `backend` section of one HAProxy process: a pick rule, the queues of servers and backend,
// cookie persistence, retries, and what an operator may do at run time.
// Behaviour: HAProxy 2.6 configuration manual and management guide; observed on 2.6.12.
//
// An entry of started() with kNoServer is a request that left a queue for a 503: the server it
// waited for went away and no other is usable. It is over, as after Pick::none.
//
// ServerConfig fields read: weight, backup, down (disabled), max_conns, min_conns, slow_start_s,
// id, cookie.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "algorithms/haproxy/options.hpp"
#include "algorithms/haproxy/persistence.hpp"
#include "algorithms/haproxy/queue.hpp"
#include "algorithms/haproxy/rule.hpp"
#include "algorithms/haproxy/servers.hpp"
#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::haproxy {

class Backend : public Upstream {
 public:
  using MakePickRule = std::function<std::unique_ptr<PickRule>(const Servers&)>;

  Backend(const PoolConfig& config, const BackendOptions& options, WeightScale scale,
          const MakePickRule& make_rule);

  Pick begin(const Request& request, Attempt& attempt, Time now) override;

  // Failed connections (refused, and timeout, which is taken for one when connecting) are retried,
  // at the same server unless `option redispatch` says otherwise; HAProxy waits a second, or the
  // connect timeout if shorter, before it tries the same server again. May queue the request anew.
  Pick next(const Request& request, Attempt& attempt, Result why, Time now) override;

  void end(Attempt& attempt, Result result, Time now) override;
  void abandon(std::uint64_t ticket, Time now) override;

  void set_health(ServerId server, bool up, Time now) override;
  void set_admin(ServerId server, AdminState state, Time now) override;

  // 0..256, as `set weight`. Static methods (static-rr, hash-type map-based) accept only 0 and the
  // configured weight and ignore others.
  void set_weight(ServerId server, int weight, Time now) override;
  // `set weight N%`, of the configured weight.
  void set_weight_percent(ServerId server, int percent, Time now);
  // `set maxconn server`.
  void set_max_conns(ServerId server, int max_conns, Time now);

  // The Set-Cookie value that HAProxy adds to the response of an attempt; null when it adds none.
  const std::string* set_cookie(const Attempt& attempt) const;

  std::size_t size() const override { return servers_.size(); }
  const Server& server(ServerId s) const { return servers_[s]; }
  std::uint32_t waiting() const { return queue_.length(); }  // in the backend's queue
  std::string describe() const override;

 private:
  // Attempt::memory is 0, or one more than the record of a request that is not ordinary.
  static RecordId record_of(const Attempt& a) { return a.memory == 0 ? kNoRecord : a.memory - 1; }
  RecordId ensure_record(Attempt& attempt, const Request& request);
  Key key_of(const Request& request) const {
    return rule_->traits().reads_request ? rule_->key(request) : Key{};
  }

  // Where a request goes: a server (its slot taken), a queue, or nowhere.
  struct Placement {
    Pick pick = Pick::none;
    ServerId server = kNoServer;  // or whose queue; kNoServer for the backend's
  };
  Placement place(const Key& key, ServerId avoid);
  Placement place_at(ServerId s);
  Pick settle(const Placement& placement, const Key& key, const Request& request, Attempt& attempt);
  bool may_redispatch(ServerId server, const Record& record) const;
  void close(Attempt& attempt);  // after the slot has been given back

  void take_slot(ServerId s);
  void give_slot_back(ServerId s, bool counted);
  void enqueue(ServerId queue, RecordId id);
  void dequeue(RecordId id);
  Queue& queue_of(ServerId s) { return s == kNoServer ? queue_ : own_queues_[s]; }

  bool may_dequeue(ServerId s) const;
  void serve_queues(ServerId s);
  RecordId next_for(ServerId s, bool from_backend);
  void start(RecordId id, ServerId s, bool counted);
  void take_over_queue(ServerId s);
  void send_queue_elsewhere(ServerId s);

  void advance(Time now);
  void find_next_step();
  void refresh(ServerId s);
  void set_state(ServerId s, AdminState admin, bool healthy);
  void change_weight(ServerId s, int weight);

  Servers servers_;
  BackendOptions options_;
  Persistence persistence_;
  std::unique_ptr<PickRule> rule_;
  Records records_;
  Queue queue_;
  std::vector<Queue> own_queues_;
  std::unordered_map<std::uint64_t, RecordId> by_ticket_;  // those that wait
  Time now_{};
  struct Warming {
    ServerId server;
    Time step;  // when its weight is next computed
  };
  std::vector<Warming> warming_;
  Time next_step_ = kNever;
};

}  // namespace lbsim::algorithms::haproxy
