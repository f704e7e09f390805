// What the least_time methods know of the peers of a group: how long their responses took, and how
// long the requests that are at them now have been there.
//
// nginx's documentation says that the average response time and the number of active connections
// decide, by weight; it does not say how they are averaged and put together. Chosen here:
//   - times are whole milliseconds, as in $upstream_response_time
//   - the average moves by an eighth towards each new time, as TCP smooths round trips (RFC 6298)
//   - a peer's load is average * (connections + 1) / weight: what one more request would wait for
//   - with `inflight` the mean age of the incomplete requests stands in for a smaller average
//   - a peer without a response yet counts as one of 1 ms, as do all that are faster
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#least_time
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "algorithms/nginx/peers.hpp"

namespace lbsim::algorithms::nginx {

class ResponseTimes {
 public:
  ResponseTimes(std::size_t peers, bool counts_incomplete)
      : average_(peers), began_sum_(peers), counts_incomplete_(counts_incomplete) {}

  void began(PeerIndex i, Time now) { began_sum_[i] += milliseconds_of(now); }
  void ended(PeerIndex i, Time began) { began_sum_[i] -= milliseconds_of(began); }
  // A response took so long.
  void measured(PeerIndex i, Duration time);

  // Compared by load(a) * weight(b) against load(b) * weight(a), which stays below 2^63.
  std::int64_t load(const Peers& peers, PeerIndex i, Time now) const;

  // In milliseconds; 0: no response yet.
  double average_ms(PeerIndex i) const { return static_cast<double>(average_[i]) / kScale; }

 private:
  static constexpr std::int64_t kScale = 8;  // one over the share of a new time in the average

  static std::int64_t milliseconds_of(Time now) {
    return now.time_since_epoch().count() / milliseconds(1).count();
  }

  std::vector<std::int64_t> average_;    // times kScale
  std::vector<std::int64_t> began_sum_;  // of the requests that are at the peer now
  bool counts_incomplete_;
};

}  // namespace lbsim::algorithms::nginx
