// sed: the server where the new connection can expect the shortest delay, (active + 1) / weight.
// Inactive connections are not looked at. Up to 16 servers a scan; above, O(log servers) per change
// of a counter.
#include "algorithms/ipvs/sed.hpp"

#include "algorithms/ipvs/least.hpp"

namespace lbsim::algorithms::ipvs {

std::unique_ptr<Scheduler> make_sed(const SchedulerSetup& setup) {
  return std::make_unique<LeastScheduler<ShortestDelay>>(setup);
}

AlgorithmSpec sed_spec() {
  return {"ipvs",
          "sed",
          "shortest expected delay, (active + 1) / weight",
          "ipvsadm(8), -s sed; linuxvirtualserver.org/docs/scheduling.html",
          {},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
