// lblc: locality-based least-connection, for farms of caches: a destination address stays at its
// server until that is too busy, else the pick is wlc's. Looks at the destination address, counters
// and weights. O(1) while the address has its server, the cost of wlc otherwise. Source:
// linuxvirtualserver.org/docs/scheduling.html.
#include "algorithms/ipvs/least.hpp"
#include "algorithms/ipvs/locality.hpp"
#include "algorithms/ipvs/wlc.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

struct Assignment {
  ServerId server = kNoServer;
  Tick last_used = 0;
};

class LocalityLeastConnection final : public LeastScheduler<WeightedLeastConnection> {
 public:
  explicit LocalityLeastConnection(const SchedulerSetup& setup)
      : LeastScheduler(setup), cache_(setup.now, setup.lblc_expiration_s) {}

  ServerId pick(const Flow& flow, Tick now) override {
    Assignment* known = cache_.find(flow.vip, now);
    if (known != nullptr && holds(servers_[known->server])) return known->server;
    const ServerId id = LeastScheduler::pick(flow, now);
    if (id != kNoServer) cache_.insert(flow.vip, now).server = id;
    return id;
  }

  std::string describe() const override {
    return std::to_string(cache_.size()) + " cached addresses";
  }

 private:
  // Connection limits are not looked at.
  bool holds(const Destination& server) const {
    return server.listed && server.weight > 0 && !too_busy(server, servers_);
  }

  LocalityCache<Assignment> cache_;
};

}  // namespace

std::unique_ptr<Scheduler> make_lblc(const SchedulerSetup& setup) {
  return std::make_unique<LocalityLeastConnection>(setup);
}

AlgorithmSpec lblc_spec() {
  return {"ipvs",
          "lblc",
          "a destination address keeps its server unless that is too busy, else wlc",
          "ipvsadm(8), -s lblc; linuxvirtualserver.org/docs/scheduling.html",
          {{"lblc_expiration", "24h", "> 0", "unused addresses are forgotten after this"}},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
