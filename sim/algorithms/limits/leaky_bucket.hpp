// nginx's limit_req: a leaky bucket in thousandths of a request, by the millisecond
// (https://nginx.org/en/docs/http/ngx_http_limit_req_module.html).
#pragma once

#include <cstdint>
#include <unordered_map>

#include "core/time.hpp"

namespace lbsim::algorithms::limits {

struct LeakyBucketConfig {
  std::int64_t rate = 1000;  // thousandths of a request per second: 10r/s is 10000, 30r/m is 500
  std::int64_t burst = 0;    // requests beyond the rate that are taken, not rejected
  std::int64_t delay = 0;    // of these, so many go on at once; the others are delayed
  bool nodelay = false;      // all go on at once
};

struct Verdict {
  bool rejected = false;
  Duration delay{};
};

// The buckets of one zone, by key. A key that was not seen before goes on at once and leaves its
// bucket empty; each later request adds one, and time takes out at the rate.
class LeakyBuckets {
 public:
  explicit LeakyBuckets(const LeakyBucketConfig& config) : config_(config) {}

  // What would become of a request now. Several zones are asked first; if none rejects, each takes
  // it.
  Verdict ask(std::uint64_t key, Time now) const;
  void take(std::uint64_t key, Time now);
  Verdict admit(std::uint64_t key, Time now) {
    const Verdict verdict = ask(key, now);
    if (!verdict.rejected) take(key, now);
    return verdict;
  }

 private:
  struct Bucket {
    std::int64_t last_ms = 0;
    std::int64_t excess = 0;  // thousandths of a request
  };

  std::int64_t excess_with(const Bucket& bucket, std::int64_t now_ms) const;

  LeakyBucketConfig config_;
  std::unordered_map<std::uint64_t, Bucket> buckets_;
};

}  // namespace lbsim::algorithms::limits
