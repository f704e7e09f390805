// Two different servers drawn by weight: what the methods `random two` compare.
#pragma once

#include <utility>

#include "algorithms/nginx/glibc_random.hpp"
#include "algorithms/nginx/pool.hpp"
#include "algorithms/nginx/ranges.hpp"

namespace lbsim::algorithms::nginx {

class TwoDraws {
 public:
  TwoDraws(const Peers& peers, std::uint32_t seed) : ranges_(peers), random_(seed) {}

  void weights_changed(const Peers& peers) { ranges_.build(peers); }

  // In the order drawn. kNoPeer as the second: too many draws were of no use.
  std::pair<PeerIndex, PeerIndex> next(const Peers& peers, Search& search) {
    PeerIndex first = kNoPeer;
    while (search.walk.misses <= kMostMisses) {
      const PeerIndex drawn = ranges_.at(random_.next() % ranges_.total());
      if (drawn != first && search.takes(peers, drawn)) {
        if (first != kNoPeer) return {first, drawn};
        first = drawn;
      }
      // The first draw counts as a miss even if it is good.
      ++search.walk.misses;
    }
    return {first, kNoPeer};
  }

 private:
  Ranges ranges_;
  GlibcRandom random_;
};

}  // namespace lbsim::algorithms::nginx
