// nq: the first idle server (no active connection) of the list, whatever its weight; where none is
// idle, the one with the shortest expected delay. Up to 16 servers a scan; above, O(log servers)
// per change of a counter.
#include "algorithms/ipvs/least.hpp"
#include "algorithms/ipvs/sed.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

struct NeverQueue {
  static bool better(const Destination& a, const Destination& b) {
    if (b.active == 0) return false;
    return a.active == 0 || ShortestDelay::better(a, b);
  }
};

}  // namespace

std::unique_ptr<Scheduler> make_nq(const SchedulerSetup& setup) {
  return std::make_unique<LeastScheduler<NeverQueue>>(setup);
}

AlgorithmSpec nq_spec() {
  return {"ipvs",
          "nq",
          "an idle server, else shortest expected delay",
          "ipvsadm(8), -s nq; linuxvirtualserver.org/docs/scheduling.html",
          {},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
