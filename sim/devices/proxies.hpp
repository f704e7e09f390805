// What nginx and HAProxy tiers share: machines with one station per worker, pools (one per worker,
// or one per machine where the state is shared), an own address each or one VIP for all, active
// checks.
#pragma once

#include <algorithm>
#include <memory>

#include "algorithms/algorithm.hpp"
#include "control/checker.hpp"
#include "control/vip.hpp"
#include "devices/reports.hpp"
#include "devices/transport.hpp"
#include "devices/world.hpp"

namespace lbsim {

template <class K>
class Proxies : public Tier<K> {
 public:
  std::uint32_t addresses() const override { return vip_ ? 1 : this->size(); }
  void power_changed(std::uint32_t node) override;
  void address_moved() override;
  void keepalived(std::uint32_t node, FaultKind fault) override;
  // The client hears nothing from a dead machine, until another one holds the address and resets
  // a connection that it does not know.
  void unreachable(std::uint32_t request) override;

  void connect() override;

 protected:
  Proxies(World<K>& world, const TierConfig& config, int index);

  // The machine that a SYN to `address` reaches and that takes it, or kNone: it was refused or
  // dropped.
  std::uint32_t machine_for_syn(std::uint32_t connection, std::uint32_t address);
  algorithms::Upstream& pool(std::uint32_t node, std::uint32_t worker, std::uint32_t plan) {
    return *pools_[pool_index(node, worker) + plan * pools_per_plan_];
  }
  algorithms::Upstream& pool(std::uint32_t node, std::uint32_t worker) {
    return *pools_[pool_index(node, worker)];
  }
  // Do the packets of a client's connection to the machine reach it?
  bool is_addressed(std::uint32_t node) const {
    return !vip_ || vip_->holder() == static_cast<int>(node);
  }
  // What becomes of a request, or its response, on a connection to a machine that is not: while
  // nobody hears it, nothing; else it is reset by the machine that does, which does not know it.
  void lose_address(std::uint32_t request) {
    if (vip_->holder() == kNobody) return unreachable(request);
    this->world_.transport->fail(request, RequestOutcome::connection_lost);
  }
  algorithms::Upstream& pool(const Leg& leg) {
    if (plans_.size() > 1) [[unlikely]]
      return pool(leg.node, leg.worker, leg.pool);
    return *pools_[pool_index(leg.node, leg.worker)];
  }
  // The machine behind that a pool calls by its own number.
  std::uint32_t machine_of(const Leg& leg) const {
    if (!splits_) [[likely]]
      return leg.attempt.server;
    const std::vector<std::uint32_t>& members = plans_[leg.pool].members;
    return members.empty() ? leg.attempt.server : members[leg.attempt.server];
  }
  // To be done whenever a pool was called: what left its queue starts, what it asks for is asked.
  void after_call(algorithms::Upstream& pool, std::uint32_t node, std::uint32_t worker) {
    if (!pool.started().empty()) start_queued(pool, node, worker);
    if (reports_) reports_->ask(pool_index(node, worker));
  }
  void count_pick(const Leg& leg) {
    this->world_.recorder.pick(pool_number_ + leg.pool, leg.attempt.server);
  }
  void count_pick(std::uint32_t member) { this->world_.recorder.pick(pool_number_, member); }
  // HAProxy waits so long before it tries the same server again (configuration manual, "retries").
  Duration retry_wait() const { return std::min(seconds(1), config_.connect_timeout); }
  // "timeout queue" is "timeout connect" where it is not set (HAProxy configuration manual).
  Duration queue_timeout() const {
    return config_.queue_timeout > Duration{} ? config_.queue_timeout : config_.connect_timeout;
  }
  // Queued requests that a call into `pool` has let go; those without a server are over.
  virtual void start_queued(algorithms::Upstream& pool, std::uint32_t node,
                            std::uint32_t worker) = 0;

  const ProxyTierConfig& config_;
  std::unique_ptr<Vip<K>> vip_;
  Random accept_random_;

 private:
  // The pools of all workers that are alike: those of one upstream block.
  struct Plan {
    std::string name;  // empty: of what no rule sends elsewhere
    std::string method;
    std::map<std::string, std::string> parameters;
    std::vector<std::uint32_t> members;  // machines behind; empty: all of them
  };

  void plan_pools();
  // A health checker has made up its mind about a machine of the tier behind.
  void verdict(std::uint32_t member, bool up);
  algorithms::PoolConfig pool_config(std::uint32_t node, std::uint32_t worker,
                                     const Plan& plan) const;
  std::uint32_t pool_index(std::uint32_t node, std::uint32_t worker) const {
    return config_.zone ? node : node * static_cast<std::uint32_t>(config_.workers) + worker;
  }
  void connect_reports();
  std::uint32_t pools_per_machine() const {
    return config_.zone ? 1 : static_cast<std::uint32_t>(config_.workers);
  }
  void make_pools(std::uint32_t node);
  void make_pool(std::uint32_t node, std::uint32_t worker, std::size_t plan);

  std::unique_ptr<Checker<K>> checker_;
  std::unique_ptr<Reports<K>> reports_;  // null: the pools ask for none
  std::vector<bool> members_up_;         // as the checker sees them
  std::vector<Plan> plans_;
  std::size_t pools_per_plan_ = 0;
  bool splits_ = false;  // some pool has not all machines behind
  std::vector<std::unique_ptr<algorithms::Upstream>> pools_;
  std::vector<std::uint8_t> pools_epoch_;  // of the machine when its pools were made
  std::vector<std::pair<std::uint32_t, std::uint32_t>> unheard_;  // requests and their generations
  std::size_t pool_number_ = 0;
};

// Weights, names and limits of the machines of a tier as the tier in front of it has them
// configured.
std::vector<algorithms::ServerConfig> members_of(const TierConfig& tier);
// The machines of the groups of servers that have these names.
std::vector<std::uint32_t> machines_of_groups(const TierConfig& tier,
                                              const std::vector<std::string>& groups);

}  // namespace lbsim
