// wlc: the server with the fewest connections for its weight, an active one counting as 256
// inactive ones. Looks at counters and weights. Up to 16 servers a scan; above, O(log servers) per
// change of a counter.
#include "algorithms/ipvs/wlc.hpp"

#include "algorithms/ipvs/least.hpp"

namespace lbsim::algorithms::ipvs {

std::unique_ptr<Scheduler> make_wlc(const SchedulerSetup& setup) {
  return std::make_unique<LeastScheduler<WeightedLeastConnection>>(setup);
}

AlgorithmSpec wlc_spec() {
  return {"ipvs",
          "wlc",
          "fewest connections for the weight; the default of ipvsadm",
          "ipvsadm(8), -s wlc; linuxvirtualserver.org/docs/scheduling.html",
          {},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
