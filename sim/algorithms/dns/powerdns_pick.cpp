#include "algorithms/dns/powerdns_pick.hpp"

#include <algorithm>

#include "algorithms/dns/jenkins.hpp"

namespace lbsim::algorithms::dns {

std::vector<std::size_t> hash_map_order(std::size_t n) {
  // libstdc++: keys in distinct buckets enter at the front of one list; growing to the next number
  // of buckets (primes of its table) re-enters them front to back and so turns the list around.
  constexpr std::size_t kBuckets[] = {13, 29, 59, 127, 257};
  std::vector<std::size_t> order;
  std::size_t grown = 0;
  for (std::size_t entry = 0; entry < n; ++entry) {
    if (entry == kBuckets[grown]) {
      std::reverse(order.begin(), order.end());
      ++grown;
    }
    order.insert(order.begin(), entry);
  }
  return order;
}

PowerdnsPicker::PowerdnsPicker(const RecordTable& table, PowerdnsPick kind, Random& random)
    : Authority(table), kind_(kind), random_(&random) {
  records_changed();
}

void PowerdnsPicker::records_changed() {
  walk_.clear();
  total_ = 0;
  const bool weighted =
      kind_ == PowerdnsPick::weighted_random || kind_ == PowerdnsPick::weighted_hashed;
  for (const std::size_t position : hash_map_order(records().size())) {
    const RecordIndex record = records()[position];
    if (weighted) walk_.push_back(record);
    total_ += static_cast<std::uint64_t>(table()[record].weight);
  }
  if (!weighted) {
    walk_ = records();
    total_ = records().size();
  }
}

RecordIndex PowerdnsPicker::at(std::uint64_t point) const {
  if (kind_ == PowerdnsPick::random || kind_ == PowerdnsPick::hashed) return walk_[point];
  for (const RecordIndex record : walk_) {
    const auto weight = static_cast<std::uint64_t>(table()[record].weight);
    if (point < weight) return record;
    point -= weight;
  }
  LBSIM_CHECK(!"a point beyond the sum of weights");
  return 0;
}

Answer PowerdnsPicker::answer(const Query& query, Time) {
  if (total_ == 0) return answer_with(Order());
  const bool hashed = kind_ == PowerdnsPick::hashed || kind_ == PowerdnsPick::weighted_hashed;
  std::uint64_t point = 0;
  if (hashed) {
    const Address client = query.client();
    point = jenkins_hash(address_bytes(client), address_size(client), 0) % total_;
  } else {
    point = random_->below(total_);
  }
  Answer result = answer_with(at(point));
  if (query.has_subnet) result.scope = query.subnet.length;
  return result;
}

}  // namespace lbsim::algorithms::dns
