// dnsmasq's cache: the client whose query was forwarded sees the authority's order and TTL; the
// first answer from the cache repeats that order, each further one is the previous rotated right by
// one; a refetch starts again. An entry fetched at F with TTL T is valid while now < F + T. With
// use-stale-cache it is given up to F + T itself, and later with TTL 0 while it is refreshed.
// Source: dnsmasq(8); behaviour of dnsmasq 2.90.
#pragma once

#include "algorithms/dns/cache.hpp"

namespace lbsim::algorithms::dns {

struct DnsmasqOptions {
  bool round_robin = true;  // no-round-robin unset
  // min-cache-ttl, max-cache-ttl: change only what is kept, not the forwarded answer.
  TtlLimits ttl{.min_s = 0, .max_s = kNoLimit, .negative_max_s = kNoLimit};
  std::uint32_t max_ttl_s = kNoLimit;   // max-ttl: caps what is shown, not what is kept
  bool negative_cache = true;           // no-negcache unset
  bool stale_cache = false;             // use-stale-cache
  std::uint32_t stale_limit_s = 86400;  // how long after expiry; 0: for ever

  static constexpr std::uint32_t kNoLimit = std::numeric_limits<std::uint32_t>::max();
};

class DnsmasqCache : public ResolverCache {
 public:
  // The options outlive the cache: a population shares them.
  explicit DnsmasqCache(const DnsmasqOptions& options) : options_(&options) {}

  Lookup lookup(const Query& query, Time now, Answer& answer) override;
  void fill(const Answer& fetched, Time now) override;
  Answer forward(const Query& query, const Answer& fetched, Time now) override;
  std::string describe() const override;

 private:
  const DnsmasqOptions* options_;
  std::uint8_t next_first_ = 0;  // where the next answer from the cache starts
};

}  // namespace lbsim::algorithms::dns
