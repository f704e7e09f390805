// Unbound: the order received from the authority, rotated by query id + wall clock seconds, without
// any state (rrset-roundrobin). An entry fetched at F with TTL T is valid while now <= F + T.
// Optional: serve-expired answers from an expired entry at once and refreshes it; prefetch
// refreshes on a hit in the last tenth of the TTL. Source: unbound.conf(5); behaviour of
// Unbound 1.17.
#pragma once

#include "algorithms/dns/cache.hpp"

namespace lbsim::algorithms::dns {

struct UnboundOptions {
  bool rrset_roundrobin = true;
  TtlLimits ttl;  // cache-min-ttl, cache-max-ttl, cache-max-negative-ttl
  bool serve_expired = false;
  std::uint32_t serve_expired_ttl_s = 0;  // how long after expiry; 0: for ever
  std::uint32_t serve_expired_reply_ttl_s = 30;
  bool prefetch = false;
  std::int64_t wall_clock_start_s = 0;  // Unix time of simulated time 0
};

class UnboundCache : public ResolverCache {
 public:
  // The options outlive the cache: a population shares them.
  explicit UnboundCache(const UnboundOptions& options) : options_(&options) {}

  Lookup lookup(const Query& query, Time now, Answer& answer) override;
  void fill(const Answer& fetched, Time now) override;
  Answer forward(const Query& query, const Answer& fetched, Time now) override;

 private:
  Order shown(const Query& query, std::int64_t now_s) const;
  Lookup hit(bool refresh);

  const UnboundOptions* options_;
};

}  // namespace lbsim::algorithms::dns
