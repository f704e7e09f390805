#include "algorithms/limits/leaky_bucket.hpp"

#include <algorithm>

namespace lbsim::algorithms::limits {
namespace {

constexpr std::int64_t kRequest = 1000;

std::int64_t whole_ms(Time t) { return t.time_since_epoch() / milliseconds(1); }

}  // namespace

std::int64_t LeakyBuckets::excess_with(const Bucket& bucket, std::int64_t now_ms) const {
  const std::int64_t leaked = config_.rate * (now_ms - bucket.last_ms) / 1000;
  return std::max<std::int64_t>(bucket.excess - leaked + kRequest, 0);
}

Verdict LeakyBuckets::ask(std::uint64_t key, Time now) const {
  const auto found = buckets_.find(key);
  if (found == buckets_.end()) return {};
  const std::int64_t excess = excess_with(found->second, whole_ms(now));
  if (excess > config_.burst * kRequest) return {true, {}};
  const std::int64_t beyond = excess - config_.delay * kRequest;
  if (config_.nodelay || beyond <= 0) return {};
  return {false, milliseconds(beyond * 1000 / config_.rate)};
}

void LeakyBuckets::take(std::uint64_t key, Time now) {
  const std::int64_t now_ms = whole_ms(now);
  const auto [place, is_new] = buckets_.try_emplace(key, Bucket{now_ms, 0});
  if (is_new) return;
  Bucket& bucket = place->second;
  bucket.excess = excess_with(bucket, now_ms);
  bucket.last_ms = now_ms;
}

}  // namespace lbsim::algorithms::limits
