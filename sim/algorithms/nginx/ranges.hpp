// A number below the total weight -> the peer whose share it falls into, by weight in order.
#pragma once

#include <algorithm>
#include <vector>

#include "algorithms/nginx/peers.hpp"

namespace lbsim::algorithms::nginx {

class Ranges {
 public:
  explicit Ranges(const Peers& peers) { build(peers); }

  void build(const Peers& peers) {
    ends_.clear();
    std::uint32_t end = 0;
    for (const std::int32_t weight : peers.weight) {
      ends_.push_back(end += static_cast<std::uint32_t>(weight));
    }
    all_one_ = end == ends_.size();
  }

  std::uint32_t total() const { return ends_.back(); }

  PeerIndex at(std::uint32_t number) const {
    if (all_one_) return number;
    return static_cast<PeerIndex>(std::upper_bound(ends_.begin(), ends_.end(), number) -
                                  ends_.begin());
  }

 private:
  std::vector<std::uint32_t> ends_;
  bool all_one_ = false;
};

}  // namespace lbsim::algorithms::nginx
