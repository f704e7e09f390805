// DNS: client groups behind recursive resolvers with caches, an authoritative server that rotates
// its answers as BIND does, and a monitor that takes dead addresses out of the zone. A dead address
// keeps getting users until the monitor has noticed and every cached answer has run out.
#pragma once

#include <memory>

#include "algorithms/dns/authority.hpp"
#include "algorithms/dns/unbound_cache.hpp"
#include "control/checker.hpp"
#include "devices/clients.hpp"

namespace lbsim {

template <class K>
class Names final : public Component<K>, public NameService<K> {
 public:
  // Answers with the addresses of `entry`. Names of one address are not cached per resolver: every
  // answer is the same; only the wait for it is.
  Names(World<K>& world, const TierConfig& config, Tier<K>& entry);

  void resolve(std::uint32_t session) override;
  void forget(std::uint32_t session) override;
  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  enum Kind { kAsked, kAnswered, kReturned };
  struct Resolver {
    std::unique_ptr<algorithms::dns::ResolverCache> cache;
    algorithms::dns::Answer fetched;
    bool fetching = false;
    std::vector<std::uint32_t> waiting;  // sessions
  };

  void take_out(std::uint32_t member, bool up);
  std::unique_ptr<algorithms::dns::ResolverCache> make_cache() const;
  algorithms::dns::Query query();
  std::uint32_t resolver_index(const Session& session) const {
    return first_resolver_[session.group] + session.resolver;
  }
  std::uint32_t first_address(const algorithms::dns::Answer& answer) const {
    return answer.order.empty() ? kNone : answer.order[0];
  }

  const DnsTierConfig& config_;
  Random random_;
  algorithms::dns::RecordTable table_;
  std::unique_ptr<algorithms::dns::Authority> authority_;
  algorithms::dns::UnboundOptions resolver_options_;
  std::vector<Resolver> resolvers_;
  std::vector<std::uint32_t> first_resolver_;  // of each client group
  std::vector<bool> up_;
  std::unique_ptr<Checker<K>> monitor_;
  kernel::NodeId cpu_;
  NodeStats& stats_;
};

}  // namespace lbsim
