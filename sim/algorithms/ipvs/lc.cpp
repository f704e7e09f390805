// lc: the server with the fewest connections, an active one counting as 256 inactive ones; weights
// only matter as zero or not. Up to 16 servers a scan; above, O(log servers) per change of a
// counter.
#include "algorithms/ipvs/least.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

struct LeastConnection {
  static bool better(const Destination& a, const Destination& b) { return a.load() < b.load(); }
};

}  // namespace

std::unique_ptr<Scheduler> make_lc(const SchedulerSetup& setup) {
  return std::make_unique<LeastScheduler<LeastConnection>>(setup);
}

AlgorithmSpec lc_spec() {
  return {"ipvs",
          "lc",
          "fewest connections",
          "ipvsadm(8), -s lc; linuxvirtualserver.org/docs/scheduling.html",
          {},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
