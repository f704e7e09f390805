// Request-level proxies (L7): nginx, or HAProxy in HTTP mode. A worker spends CPU on a request,
// picks a server, sends the request over a kept-alive or new connection, and tries others where it
// may.
#pragma once

#include "devices/idle_connections.hpp"
#include "devices/proxies.hpp"

namespace lbsim {

template <class K>
class Gate;

template <class K>
class HttpProxies final : public Proxies<K> {
 public:
  HttpProxies(World<K>& world, const TierConfig& config, int index);
  ~HttpProxies() override;

  Level level() const override { return Level::request; }
  void connect() override;
  void syn(std::uint32_t connection, std::uint32_t node) override;
  void request(std::uint32_t request, std::uint32_t node) override;
  void response(std::uint32_t request) override;
  void try_failed(std::uint32_t request, algorithms::Result why) override;
  void silent(std::uint32_t request) override;
  void abandoned(Leg& leg, std::uint32_t request) override;
  void closed(Connection& connection, Hop* hop) override;
  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  friend class Gate<K>;  // decides what becomes of a request, and has it done here
  enum Kind { kRead, kToServer, kRefused, kReset, kTimedOut, kRetry, kQueuedTooLong, kIdleClosed };

  Leg& innermost(Request& request) { return request.leg[request.legs - 1]; }
  std::size_t worker_index(const Leg& leg) const {
    return leg.node * static_cast<std::size_t>(this->config_.workers) + leg.worker;
  }
  std::uint16_t random_worker();
  double request_work(const Request& request) const;
  void pick(std::uint32_t request);
  void after_pick(std::uint32_t request, algorithms::Pick pick, algorithms::Result why);
  void try_server(std::uint32_t request);
  void start_queued(algorithms::Upstream& pool, std::uint32_t node, std::uint32_t worker) override;
  void leave_queue(const Leg& leg, std::uint32_t request);
  void leave_queue_for_server(std::uint32_t request);
  void queued_too_long(std::uint32_t request);
  void error_answered(std::uint32_t request);
  void member_changed(std::uint32_t member);
  algorithms::Request seen(std::uint32_t request) const;
  void end_leg(Leg& leg, algorithms::Result result);
  void next_try(std::uint32_t request, algorithms::Result why);
  void wait_before_retry(std::uint32_t request);
  // False: the proxy went down since the request came, and has dealt with it.
  bool still_there(std::uint32_t index) {
    const Leg& leg = innermost(this->world_.requests[index]);
    return this->machines_[leg.node].epoch == leg.epoch || lost(index);
  }
  bool lost(std::uint32_t request);
  void leave(std::uint32_t request, bool answered);  // ends the innermost leg

  IdleConnections idle_;
  std::unique_ptr<Gate<K>> gate_;  // null: every request goes to a server behind
};

}  // namespace lbsim
