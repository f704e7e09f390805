// Connection-level proxies: HAProxy in TCP mode. A server is picked once for each client
// connection; requests are relayed over it.
#pragma once

#include "devices/proxies.hpp"

namespace lbsim {

template <class K>
class TcpProxies final : public Proxies<K> {
 public:
  TcpProxies(World<K>& world, const TierConfig& config, int index)
      : Proxies<K>(world, config, index) {}

  Level level() const override { return Level::connection; }
  void syn(std::uint32_t connection, std::uint32_t node) override;
  void request(std::uint32_t request, std::uint32_t node) override;
  bool syn_failed(std::uint32_t connection, algorithms::Result why) override;
  bool hop_alive(const Hop& hop) const override;
  void stall(std::uint32_t request) override;
  void closed(Connection& connection, Hop* hop) override;
  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  enum Kind { kForward, kRelayed, kSynRefused, kRetry, kQueuedTooLong };

  Hop& last_hop(std::uint32_t connection) {
    Connection& c = this->world_.connections[connection];
    return c.hop[c.hops - 1];
  }
  algorithms::Request seen(std::uint32_t connection) const;
  void queued_too_long(std::uint32_t connection);
  void try_again(std::uint32_t connection);
  void after_pick(std::uint32_t connection, algorithms::Pick pick, Duration queue_cpu = {});
  void start_queued(algorithms::Upstream& pool, std::uint32_t node, std::uint32_t worker) override;
  void reset_or_strand(std::uint32_t request, const Hop& hop);
};

}  // namespace lbsim
