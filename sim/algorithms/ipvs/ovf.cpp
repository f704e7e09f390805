// ovf: the server of the highest weight until its active connections exceed its weight, then the
// next (weighted overflow); the first of the list on ties, none when all are over. A scan per pick.
#include "algorithms/ipvs/scheduler.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

class Overflow final : public Scheduler {
 public:
  explicit Overflow(const SchedulerSetup& setup) : servers_(setup.servers) {}

  ServerId pick(const Flow&, Tick) override {
    ServerId highest = kNoServer;
    for (const ServerId id : servers_.order()) {
      const Destination& server = servers_[id];
      if (!server.usable() || std::int64_t{server.active} > server.weight) continue;
      if (highest == kNoServer || server.weight > servers_[highest].weight) highest = id;
    }
    return highest;
  }

 private:
  const ServerList& servers_;
};

}  // namespace

std::unique_ptr<Scheduler> make_ovf(const SchedulerSetup& setup) {
  return std::make_unique<Overflow>(setup);
}

AlgorithmSpec ovf_spec() {
  return {"ipvs",
          "ovf",
          "weighted overflow: the highest weight until it has more connections than that",
          "ipvsadm(8), -s ovf",
          {},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
