#include "algorithms/dns/bind_cache.hpp"

namespace lbsim::algorithms::dns {

Answer BindCache::shown(std::uint32_t ttl_s) {
  return entry_.answer(bind_ordered(options_->order, entry_.order, counter_, *random_), ttl_s);
}

Lookup BindCache::lookup(const Query&, Time now, Answer& answer) {
  const std::int64_t rest_s = entry_.expires_s() - whole_seconds(now);
  if (!entry_.filled || rest_s <= 0) return Lookup::miss;
  answer = shown(static_cast<std::uint32_t>(rest_s));
  return Lookup::hit;
}

void BindCache::fill(const Answer& fetched, Time now) {
  entry_.store(fetched, options_->ttl.kept(fetched), whole_seconds(now));
  table_->sort_canonically(entry_.order);
  counter_ = next_start_++;
}

Answer BindCache::forward(const Query&, const Answer&, Time) { return shown(entry_.ttl_s); }

std::string BindCache::describe() const {
  return entry_.describe() + ", counter " + std::to_string(counter_);
}

}  // namespace lbsim::algorithms::dns
