// BIND 9's cache: the canonical order, arranged by rrset-order. An entry fetched at F with TTL T is
// valid while now < F + T. A refetched RRset is a new entry whose rotation starts one further than
// the previous entry's did; progress is lost. Source: BIND 9 Administrator Reference Manual;
// behaviour of BIND 9.18.
#pragma once

#include "algorithms/dns/bind.hpp"
#include "algorithms/dns/cache.hpp"

namespace lbsim::algorithms::dns {

struct BindCacheOptions {
  BindOrder order = BindOrder::random;
  // min-cache-ttl, max-cache-ttl, max-ncache-ttl
  TtlLimits ttl{.min_s = 0, .max_s = 604800, .negative_max_s = 10800};
};

class BindCache : public ResolverCache {
 public:
  // Table, options and random stream outlive the cache: a population shares them. `start` is where
  // the first entry's rotation starts.
  BindCache(const RecordTable& table, const BindCacheOptions& options, std::uint32_t start,
            Random& random)
      : table_(&table), options_(&options), random_(&random), next_start_(start) {}

  Lookup lookup(const Query& query, Time now, Answer& answer) override;
  void fill(const Answer& fetched, Time now) override;
  Answer forward(const Query& query, const Answer& fetched, Time now) override;
  std::string describe() const override;

 private:
  Answer shown(std::uint32_t ttl_s);

  const RecordTable* table_;
  const BindCacheOptions* options_;
  Random* random_;
  std::uint32_t next_start_;
  std::uint32_t counter_ = 0;
};

}  // namespace lbsim::algorithms::dns
