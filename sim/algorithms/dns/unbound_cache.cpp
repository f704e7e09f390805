#include "algorithms/dns/unbound_cache.hpp"

namespace lbsim::algorithms::dns {

Order UnboundCache::shown(const Query& query, std::int64_t now_s) const {
  if (!options_->rrset_roundrobin) return entry_.order;
  const std::int64_t offset = query.id + options_->wall_clock_start_s + now_s;
  return rotated_left(entry_.order, static_cast<std::uint64_t>(offset));
}

Lookup UnboundCache::hit(bool refresh) {
  if (!refresh || entry_.refreshing) return Lookup::hit;
  entry_.refreshing = true;
  return Lookup::hit_and_refresh;
}

Lookup UnboundCache::lookup(const Query& query, Time now, Answer& answer) {
  // An answer with TTL 0 is for the one who asked and is not kept.
  if (!entry_.filled || entry_.ttl_s == 0) return Lookup::miss;
  const std::int64_t now_s = whole_seconds(now);
  const std::int64_t rest_s = entry_.expires_s() - now_s;
  if (rest_s >= 0) {
    answer = entry_.answer(shown(query, now_s), static_cast<std::uint32_t>(rest_s));
    return hit(options_->prefetch && rest_s <= entry_.ttl_s / 10);
  }
  const std::uint32_t limit_s = options_->serve_expired_ttl_s;
  if (!options_->serve_expired || (limit_s > 0 && -rest_s > limit_s)) return Lookup::miss;
  answer = entry_.answer(shown(query, now_s), options_->serve_expired_reply_ttl_s);
  return hit(true);
}

void UnboundCache::fill(const Answer& fetched, Time now) {
  entry_.store(fetched, options_->ttl.kept(fetched), whole_seconds(now));
}

Answer UnboundCache::forward(const Query& query, const Answer&, Time now) {
  return entry_.answer(shown(query, whole_seconds(now)), entry_.ttl_s);
}

}  // namespace lbsim::algorithms::dns
