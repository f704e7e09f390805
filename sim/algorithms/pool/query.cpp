#include "algorithms/pool/query.hpp"

namespace lbsim::algorithms::pool {

std::uint64_t Query::most_conns(ServerId s) const {
  const Wide whole = Wide{members_.serving_weight()} * 1000;
  const Wide share =
      Wide{barriers_.bound_thousandths} * (members_.serving_conns() + 1) * members_[s].weight;
  return static_cast<std::uint64_t>((share + whole - 1) / whole);
}

bool Query::passes(ServerId s) const {
  if (members_[s].full()) return false;
  if (barriers_.tried != nullptr && barriers_.tried->has(s)) return false;
  if (barriers_.slow_start != nullptr && !barriers_.slow_start->allows(s)) return false;
  return barriers_.bound_thousandths == 0 || members_[s].conns < most_conns(s);
}

const std::vector<ServerId>& Query::candidates() const {
  if (open_) return members_.serving();
  candidates_.clear();
  for (const ServerId s : members_.serving()) {
    if (passes(s)) candidates_.push_back(s);
  }
  return candidates_;
}

}  // namespace lbsim::algorithms::pool
