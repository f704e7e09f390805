#include "algorithms/dns/dnsmasq_cache.hpp"

namespace lbsim::algorithms::dns {

Lookup DnsmasqCache::lookup(const Query&, Time now, Answer& answer) {
  if (!entry_.filled) return Lookup::miss;
  const std::int64_t rest_s = entry_.expires_s() - whole_seconds(now);
  if (options_->stale_cache) {
    if (options_->stale_limit_s > 0 && -rest_s >= options_->stale_limit_s) return Lookup::miss;
  } else if (rest_s <= 0) {
    return Lookup::miss;
  }
  const auto shown_s = static_cast<std::uint32_t>(std::max<std::int64_t>(rest_s, 0));
  answer = entry_.answer(rotated_left(entry_.order, next_first_),
                         std::min(shown_s, options_->max_ttl_s));
  if (options_->round_robin && !entry_.order.empty()) {
    const auto n = static_cast<std::uint8_t>(entry_.order.size());
    next_first_ = static_cast<std::uint8_t>(next_first_ == 0 ? n - 1 : next_first_ - 1);
  }
  if (rest_s >= 0 || entry_.refreshing) return Lookup::hit;
  entry_.refreshing = true;
  return Lookup::hit_and_refresh;
}

void DnsmasqCache::fill(const Answer& fetched, Time now) {
  entry_.store(fetched, options_->ttl.kept(fetched), whole_seconds(now));
  entry_.filled = options_->negative_cache || !fetched.negative();
  next_first_ = 0;
}

Answer DnsmasqCache::forward(const Query&, const Answer& fetched, Time) {
  return entry_.answer(fetched.order, std::min(fetched.ttl_s, options_->max_ttl_s));
}

std::string DnsmasqCache::describe() const {
  return entry_.describe() + ", next answer starts at " + std::to_string(next_first_);
}

}  // namespace lbsim::algorithms::dns
