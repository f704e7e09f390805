#include "algorithms/nginx/response_times.hpp"

#include <algorithm>

namespace lbsim::algorithms::nginx {

void ResponseTimes::measured(PeerIndex i, Duration time) {
  const std::int64_t ms = std::max<std::int64_t>(time / milliseconds(1), 1);
  std::int64_t& average = average_[i];
  if (average == 0) {
    average = ms * kScale;
  } else {
    average += ms - average / kScale;
  }
}

std::int64_t ResponseTimes::load(const Peers& peers, PeerIndex i, Time now) const {
  constexpr std::int64_t kMost = std::int64_t{1} << 36;  // weights are below 2^26
  const std::int64_t conns = peers.conns[i];
  std::int64_t time = std::max(average_[i], kScale);
  if (counts_incomplete_ && conns > 0) {
    time = std::max(time, kScale * (milliseconds_of(now) - began_sum_[i] / conns));
  }
  return time >= kMost / (conns + 1) ? kMost : time * (conns + 1);
}

}  // namespace lbsim::algorithms::nginx
