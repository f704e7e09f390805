#include "algorithms/dns/exact_cache.hpp"

namespace lbsim::algorithms::dns {

Lookup ExactCache::lookup(const Query&, Time now, Answer& answer) {
  if (!entry_.filled || entry_.ttl_s == 0 || now > expires_) return Lookup::miss;
  answer = entry_.answer(entry_.order, entry_.ttl_s);
  return Lookup::hit;
}

void ExactCache::fill(const Answer& fetched, Time now) {
  entry_.store(fetched, fetched.ttl_s, whole_seconds(now));
  expires_ = now + seconds(fetched.ttl_s);
}

Answer ExactCache::forward(const Query&, const Answer&, Time) {
  return entry_.answer(entry_.order, entry_.ttl_s);
}

}  // namespace lbsim::algorithms::dns
