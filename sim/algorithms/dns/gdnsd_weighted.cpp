#include "algorithms/dns/gdnsd_weighted.hpp"

#include <algorithm>

#include "algorithms/dns/gdnsd_failover.hpp"

namespace lbsim::algorithms::dns {

GdnsdWeighted::GdnsdWeighted(const RecordTable& table, bool multi, double up_threshold,
                             Random& random)
    : Authority(table), multi_(multi), up_threshold_(up_threshold), random_(&random) {}

std::uint64_t GdnsdWeighted::weight(RecordIndex record) const {
  return static_cast<std::uint64_t>(table()[record].weight);
}

Order GdnsdWeighted::candidates() const {
  Order live;
  std::uint64_t live_weight = 0;
  std::uint64_t total_weight = 0;
  for (const RecordIndex record : records()) {
    total_weight += weight(record);
    if (!is_up(record)) continue;
    live.push_back(record);
    live_weight += weight(record);
  }
  const bool enough = live_weight > 0 && live_weight >= gdnsd_needed(up_threshold_, total_weight);
  return enough ? live : records();
}

Answer GdnsdWeighted::answer(const Query&, Time) {
  const Order items = candidates();
  std::uint64_t sum = 0;
  std::uint64_t largest = 0;
  for (const RecordIndex record : items) {
    sum += weight(record);
    largest = std::max(largest, weight(record));
  }
  if (sum == 0) return answer_with(Order());
  Order chosen;
  if (multi_) {
    for (const RecordIndex record : items) {
      if (random_->below(largest) < weight(record)) chosen.push_back(record);
    }
    shuffle(chosen, *random_);
    return answer_with(chosen);
  }
  std::uint64_t point = random_->below(sum);
  for (const RecordIndex record : items) {
    if (point < weight(record)) return answer_with(record);
    point -= weight(record);
  }
  return answer_with(chosen);
}

}  // namespace lbsim::algorithms::dns
