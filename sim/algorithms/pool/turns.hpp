// Taking turns: the orders in which rules go through members that are equal to them.
#pragma once

#include <algorithm>
#include <vector>

#include "algorithms/pool/query.hpp"

namespace lbsim::algorithms::pool {

// Of the members that come first by `less`, the first after `last` in the order of the
// configuration, which goes round. `last` may be kNoServer. O(members).
template <typename Less>
ServerId first_in_turn(const Query& query, ServerId last, Less less) {
  const std::vector<ServerId>& all = query.candidates();
  const auto start =
      last == kNoServer ? all.begin() : std::upper_bound(all.begin(), all.end(), last);
  ServerId best = kNoServer;
  const auto look = [&](auto from, auto to) {
    for (; from != to; ++from) {
      if (best == kNoServer || less(*from, best)) best = *from;
    }
  };
  look(start, all.end());
  look(all.begin(), start);
  return best;
}

// The first after `last` that the query takes. O(1) while nothing is in the way.
inline ServerId next_in_turn(const Query& query, const Members& members, ServerId last) {
  const auto size = static_cast<ServerId>(members.size());
  for (ServerId step = 1; step <= size; ++step) {
    const ServerId s = last == kNoServer ? step - 1 : (last + step) % size;
    if (query.takes(s)) return s;
  }
  return kNoServer;
}

}  // namespace lbsim::algorithms::pool
