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
  // To be done whenever a pool was called: what left its queue starts, what it asks for is asked.
  void after_call(algorithms::Upstream& pool, std::uint32_t node, std::uint32_t worker) {
    if (!pool.started().empty()) start_queued(pool, node, worker);
    if (reports_) reports_->ask(pool_index(node, worker));
  }
  void count_pick(std::uint32_t member) { this->world_.recorder.pick(pool_number_, member); }
  // HAProxy waits so long before it tries the same server again (configuration manual, "retries").
  Duration retry_wait() const { return std::min(seconds(1), config_.connect_timeout); }
  // "timeout queue" is "timeout connect" where it is not set (HAProxy configuration manual).
  Duration queue_timeout() const { return config_.connect_timeout; }
  // Queued requests that a call into `pool` has let go; those without a server are over.
  virtual void start_queued(algorithms::Upstream& pool, std::uint32_t node,
                            std::uint32_t worker) = 0;

  const ProxyTierConfig& config_;
  std::unique_ptr<Vip<K>> vip_;
  Random accept_random_;

 private:
  // A health checker has made up its mind about a machine of the tier behind.
  void verdict(std::uint32_t member, bool up);
  algorithms::PoolConfig pool_config(std::uint32_t node, std::uint32_t worker) const;
  std::uint32_t pool_index(std::uint32_t node, std::uint32_t worker) const {
    return config_.zone ? node : node * static_cast<std::uint32_t>(config_.workers) + worker;
  }
  void connect_reports();
  std::uint32_t pools_per_machine() const {
    return config_.zone ? 1 : static_cast<std::uint32_t>(config_.workers);
  }
  void make_pools(std::uint32_t node);

  std::unique_ptr<Checker<K>> checker_;
  std::unique_ptr<Reports<K>> reports_;  // null: the pools ask for none
  std::vector<bool> members_up_;         // as the checker sees them
  std::vector<std::unique_ptr<algorithms::Upstream>> pools_;
  std::vector<std::uint8_t> pools_epoch_;  // of the machine when its pools were made
  std::vector<std::pair<std::uint32_t, std::uint32_t>> unheard_;  // requests and their generations
  std::size_t pool_number_ = 0;
};

// Weights, names and limits of the machines of a tier as the tier in front of it has them
// configured.
std::vector<algorithms::ServerConfig> members_of(const TierConfig& tier);

}  // namespace lbsim
