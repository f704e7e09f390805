// A recursive resolver's cache, for one name and type. A simulated population holds one object per
// resolver and name, so an entry is two cache lines and a hit allocates nothing.
//
//   switch (cache.lookup(query, now, answer)) {
//     case Lookup::hit:              answer is the client's
//     case Lookup::hit_and_refresh:  the same; and fetch from the authority in the background
//     case Lookup::miss:             fetch; when the answer is there: fill, then forward it to
//   }                                every client that waits for it
//
// A fetch that ends without an answer is reported by fetch_failed. After hit_and_refresh no further
// refresh is asked for until fill or fetch_failed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "algorithms/dns/query.hpp"
#include "core/time.hpp"

namespace lbsim::algorithms::dns {

enum class Lookup : std::uint8_t { hit, hit_and_refresh, miss };

// Resolvers reckon in whole seconds of the wall clock; the simulation starts at the begin of one.
inline std::int64_t whole_seconds(Time now) { return to_ps(now) / seconds(1).count(); }

struct CacheEntry {
  std::int64_t fetched_s = 0;
  std::uint32_t ttl_s = 0;
  bool filled = false;
  bool refreshing = false;
  Rcode rcode = Rcode::no_error;
  Order order;

  std::int64_t expires_s() const { return fetched_s + ttl_s; }
  void store(const Answer& fetched, std::uint32_t kept_ttl_s, std::int64_t now_s);
  Answer answer(const Order& shown, std::uint32_t shown_ttl_s) const {
    return {.order = shown, .ttl_s = shown_ttl_s, .rcode = rcode, .scope = kNoScope};
  }
  std::string describe() const;
};

// Limits on the TTL kept, as every resolver has them under its own option names.
struct TtlLimits {
  std::uint32_t min_s = 0;
  std::uint32_t max_s = 86400;
  std::uint32_t negative_max_s = 3600;

  std::uint32_t kept(const Answer& fetched) const;
};

class ResolverCache {
 public:
  virtual ~ResolverCache() = default;

  virtual Lookup lookup(const Query& query, Time now, Answer& answer) = 0;

  // The authority answered (negative answers included).
  virtual void fill(const Answer& fetched, Time now) = 0;

  // What a client is told whose query missed. Call after fill.
  virtual Answer forward(const Query& query, const Answer& fetched, Time now) = 0;

  virtual void fetch_failed(Time) { entry_.refreshing = false; }

  virtual std::string describe() const { return entry_.describe(); }

 protected:
  CacheEntry entry_;
};

}  // namespace lbsim::algorithms::dns
