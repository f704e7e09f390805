// Members drawn at random, in proportion to their weights.
#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/pool/query.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::pool {

class Draws {
 public:
  Draws(const Members& members, std::uint64_t seed) : members_(members), random_(seed) {}

  // One that the query takes, or kNoServer. One draw; O(log members) while the query is open.
  ServerId one(const Query& query);

  // Up to `count` different ones that the query takes, each drawn in proportion to weight among
  // those that are left: without replacement. In the order of the draws.
  const std::vector<ServerId>& distinct(const Query& query, std::uint32_t count);

  // To be called when members or weights have changed.
  void changed() { stale_ = true; }

  Random& random() { return random_; }

 private:
  void prepare(const Query& query);
  // Position in from_ of the member whose part of the total weight `number` falls into.
  std::size_t position(std::uint64_t number) const;
  std::uint64_t begin_of(std::size_t position) const {
    return position == 0 ? 0 : ends_[position - 1];
  }

  const Members& members_;
  Random random_;
  bool stale_ = true;
  std::vector<ServerId> from_;
  std::vector<std::uint64_t> ends_;  // sums of the weights up to each of from_
  bool equal_ = false;               // all weights are the same
  std::vector<std::size_t> taken_;   // positions, ascending
  std::vector<ServerId> drawn_;
};

}  // namespace lbsim::algorithms::pool
