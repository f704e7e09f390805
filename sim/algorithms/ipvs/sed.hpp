// The rule of shortest expected delay, which nq falls back to.
#pragma once

#include "algorithms/ipvs/server_list.hpp"

namespace lbsim::algorithms::ipvs {

struct ShortestDelay {
  static std::int64_t jobs(const Destination& server) { return std::int64_t{server.active} + 1; }

  static bool better(const Destination& a, const Destination& b) {
    return jobs(b) * a.weight > jobs(a) * b.weight;
  }
};

}  // namespace lbsim::algorithms::ipvs
