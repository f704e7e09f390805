// PowerDNS Recursor: the record cache shuffles uniformly for every answer, but the packet cache in
// front of it repeats one answer to all clients for packetcache-ttl (at most what is left of the
// record's TTL), so that one order wins for that long. Entries are valid while now < F + T.
// Source: PowerDNS Recursor documentation, "Performance guide"; behaviour of Recursor 4.8.
#pragma once

#include "algorithms/dns/cache.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::dns {

struct RecursorOptions {
  bool packet_cache = true;  // disable-packetcache unset
  std::uint32_t packetcache_ttl_s = 86400;
  std::uint32_t packetcache_negative_ttl_s = 60;
  // minimum-ttl-override, max-cache-ttl, max-negative-ttl
  TtlLimits ttl{.min_s = 1, .max_s = 86400, .negative_max_s = 3600};
};

class RecursorCache : public ResolverCache {
 public:
  // Options and random stream outlive the cache: a population shares them.
  RecursorCache(const RecursorOptions& options, Random& random)
      : options_(&options), random_(&random) {}

  Lookup lookup(const Query& query, Time now, Answer& answer) override;
  void fill(const Answer& fetched, Time now) override;
  Answer forward(const Query& query, const Answer& fetched, Time now) override;
  std::string describe() const override;

  // How many answers were composed; one from the packet cache repeats the last composed one.
  std::uint32_t composed() const { return composed_; }

 private:
  void compose(std::int64_t now_s);

  const RecursorOptions* options_;
  Random* random_;
  std::int64_t packet_until_s_ = 0;
  std::uint32_t composed_ = 0;
};

}  // namespace lbsim::algorithms::dns
