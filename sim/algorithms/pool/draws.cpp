#include "algorithms/pool/draws.hpp"

#include <algorithm>

namespace lbsim::algorithms::pool {

// What an open query takes stays the same until something changes.
void Draws::prepare(const Query& query) {
  if (query.open() && !stale_) return;
  stale_ = !query.open();
  from_ = query.candidates();
  ends_.clear();
  std::uint64_t end = 0;
  equal_ = true;
  for (const ServerId s : from_) {
    ends_.push_back(end += members_[s].weight);
    equal_ = equal_ && members_[s].weight == members_[from_[0]].weight;
  }
}

std::size_t Draws::position(std::uint64_t number) const {
  if (equal_) return number / ends_[0];
  return static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), number) -
                                  ends_.begin());
}

ServerId Draws::one(const Query& query) {
  prepare(query);
  if (from_.empty()) return kNoServer;
  return from_[position(random_.below(ends_.back()))];
}

// Numbers stand for the weight that is left, so those of members drawn before are stepped over.
const std::vector<ServerId>& Draws::distinct(const Query& query, std::uint32_t count) {
  prepare(query);
  drawn_.clear();
  taken_.clear();
  const std::size_t most = std::min<std::size_t>(count, from_.size());
  std::uint64_t left = ends_.empty() ? 0 : ends_.back();
  while (drawn_.size() < most) {
    std::uint64_t number = random_.below(left);
    for (const std::size_t taken : taken_) {
      if (number >= begin_of(taken)) number += ends_[taken] - begin_of(taken);
    }
    const std::size_t at = position(number);
    left -= ends_[at] - begin_of(at);
    taken_.insert(std::lower_bound(taken_.begin(), taken_.end(), at), at);
    drawn_.push_back(from_[at]);
  }
  return drawn_;
}

}  // namespace lbsim::algorithms::pool
