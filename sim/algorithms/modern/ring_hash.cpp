// Ring hash, the first consistent hash. Memcached clients (ketama), Envoy, Dynamo and others. Looks
// at weights. Cost per pick: O(log points), and the points passed over; per change of a weight
// O(points log points).
//
// With n equal members of v points each a share has the variation (n - 1) / (n v + 1), squared.
// Source: D. Karger et al., "Consistent Hashing and Random Trees", STOC 1997.
#include <algorithm>

#include "algorithms/modern/ring.hpp"
#include "algorithms/modern/specs.hpp"

namespace lbsim::algorithms::modern {
namespace {

// Larger sums of weights get fewer points per unit, but each member with a weight has one.
constexpr std::uint64_t kMostPoints = 1 << 22;

}  // namespace

RingHash::RingHash(const pool::Setting& setting)
    : Rule(setting.members),
      key_(setting.parameters),
      points_per_weight_(
          static_cast<std::uint64_t>(setting.parameters.integer("points", 1, 100'000))) {
  changed();
}

void RingHash::changed() {
  std::vector<std::uint32_t> weights;
  for (ServerId s = 0; s < members_.size(); ++s) weights.push_back(members_[s].weight);
  if (weights == weights_) return;
  weights_ = std::move(weights);
  build();
}

void RingHash::build() {
  std::uint64_t total = 0;
  for (const std::uint32_t weight : weights_) total += weight * points_per_weight_;
  const std::uint64_t divisor = total / kMostPoints + 1;
  points_.clear();
  for (ServerId s = 0; s < members_.size(); ++s) {
    if (weights_[s] == 0) continue;
    const std::uint64_t base = pool::hash_of(members_[s].name, 1);
    const std::uint64_t count =
        std::max<std::uint64_t>(1, weights_[s] * points_per_weight_ / divisor);
    for (std::uint64_t i = 0; i < count; ++i) points_.emplace_back(pool::mix(base, i), s);
  }
  std::sort(points_.begin(), points_.end());
}

ServerId RingHash::pick(const pool::Query& query) {
  if (query.candidates().empty()) return kNoServer;
  const Point key{key_.of(query.request), 0};
  const auto first = std::lower_bound(points_.begin(), points_.end(), key);
  const auto may_take = [&](const Point& point) { return query.takes(point.second); };
  auto found = std::find_if(first, points_.end(), may_take);
  if (found == points_.end()) found = std::find_if(points_.begin(), first, may_take);
  return found->second;
}

std::vector<ParameterSpec> ring_parameters() {
  return {pool::key_parameter(),
          {"points", "160", "1..100000", "points on the circle for each unit of weight"}};
}

AlgorithmSpec ring_hash_spec() {
  return make_spec<RingHash>("ring_hash", "the owner of the next point on a circle of hashes",
                             "Karger et al., Consistent Hashing and Random Trees, STOC 1997",
                             ring_parameters());
}

}  // namespace lbsim::algorithms::modern
