// The rule of weighted least-connection, which lblc and lblcr also go by.
#pragma once

#include "algorithms/ipvs/server_list.hpp"

namespace lbsim::algorithms::ipvs {

struct WeightedLeastConnection {
  static bool better(const Destination& a, const Destination& b) {
    return b.load() * a.weight > a.load() * b.weight;
  }
};

}  // namespace lbsim::algorithms::ipvs
