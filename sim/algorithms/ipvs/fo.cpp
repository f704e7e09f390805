// fo: the usable server of the highest weight takes everything (weighted failover); the first of
// the list on ties. Up to 16 servers a scan; above, O(log servers) per change of the overload mark.
#include "algorithms/ipvs/least.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

struct HighestWeight {
  static bool better(const Destination& a, const Destination& b) { return a.weight > b.weight; }
};

}  // namespace

std::unique_ptr<Scheduler> make_fo(const SchedulerSetup& setup) {
  return std::make_unique<LeastScheduler<HighestWeight>>(setup);
}

AlgorithmSpec fo_spec() {
  return {
      "ipvs", "fo",   "weighted failover: the highest weight takes everything", "ipvsadm(8), -s fo",
      {},     nullptr};
}

}  // namespace lbsim::algorithms::ipvs
