#include "algorithms/dns/recursor_cache.hpp"

namespace lbsim::algorithms::dns {

// Shuffles the entry itself: a shuffle of any order is uniform, and the packet needs no second
// list.
void RecursorCache::compose(std::int64_t now_s) {
  shuffle(entry_.order, *random_);
  ++composed_;
  const bool negative = entry_.order.empty();
  const std::uint32_t packet_ttl_s =
      negative ? options_->packetcache_negative_ttl_s : options_->packetcache_ttl_s;
  packet_until_s_ = options_->packet_cache
                        ? std::min(now_s + std::int64_t{packet_ttl_s}, entry_.expires_s())
                        : now_s;
}

Lookup RecursorCache::lookup(const Query&, Time now, Answer& answer) {
  const std::int64_t now_s = whole_seconds(now);
  const std::int64_t rest_s = entry_.expires_s() - now_s;
  if (!entry_.filled || rest_s <= 0) return Lookup::miss;
  if (now_s >= packet_until_s_) compose(now_s);
  answer = entry_.answer(entry_.order, static_cast<std::uint32_t>(rest_s));
  return Lookup::hit;
}

void RecursorCache::fill(const Answer& fetched, Time now) {
  entry_.store(fetched, options_->ttl.kept(fetched), whole_seconds(now));
  packet_until_s_ = 0;
}

Answer RecursorCache::forward(const Query&, const Answer&, Time now) {
  if (const std::int64_t now_s = whole_seconds(now); now_s >= packet_until_s_) compose(now_s);
  return entry_.answer(entry_.order, entry_.ttl_s);
}

std::string RecursorCache::describe() const {
  return entry_.describe() + ", packet until " + std::to_string(packet_until_s_) + " s";
}

}  // namespace lbsim::algorithms::dns
