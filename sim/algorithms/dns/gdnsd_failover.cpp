#include "algorithms/dns/gdnsd_failover.hpp"

#include <cmath>

namespace lbsim::algorithms::dns {

std::uint64_t gdnsd_needed(double up_threshold, std::uint64_t total) {
  return static_cast<std::uint64_t>(std::ceil(up_threshold * static_cast<double>(total)));
}

GdnsdMultifo::GdnsdMultifo(const RecordTable& table, double up_threshold, Random& random)
    : Authority(table), up_threshold_(up_threshold), random_(&random) {}

Answer GdnsdMultifo::answer(const Query&, Time) {
  Order live;
  for (const RecordIndex record : records()) {
    if (is_up(record)) live.push_back(record);
  }
  const bool enough = live.size() >= gdnsd_needed(up_threshold_, records().size());
  Answer result = answer_with(enough ? live : records());
  shuffle(result.order, *random_);
  return result;
}

Answer GdnsdSimplefo::answer(const Query&, Time) {
  if (records().size() < 2) return answer_with(records());
  const RecordIndex primary = records()[0];
  const RecordIndex secondary = records()[1];
  return answer_with(!is_up(primary) && is_up(secondary) ? secondary : primary);
}

}  // namespace lbsim::algorithms::dns
