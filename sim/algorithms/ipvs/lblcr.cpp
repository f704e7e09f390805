// lblcr: locality-based least-connection with replication: a destination address has a set of
// servers that grows when they are too busy and shrinks again when it has not changed for long.
// Looks at the destination address, counters and weights. O(set) while the set serves, the cost
// of wlc otherwise. Source: linuxvirtualserver.org/docs/scheduling.html.
#include <algorithm>

#include "algorithms/ipvs/least.hpp"
#include "algorithms/ipvs/locality.hpp"
#include "algorithms/ipvs/wlc.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

struct ServerSet {
  std::vector<ServerId> members;  // newest last
  Tick last_changed = 0;
  Tick last_used = 0;
};

class LocalityReplication final : public LeastScheduler<WeightedLeastConnection> {
 public:
  explicit LocalityReplication(const SchedulerSetup& setup)
      : LeastScheduler(setup), cache_(setup.now, setup.lblcr_expiration_s) {}

  ServerId pick(const Flow& flow, Tick now) override {
    ServerSet* set = cache_.find(flow.vip, now);
    if (set != nullptr) {
      const ServerId candidate = least_loaded(*set);
      shrink(*set, now);  // which may drop the candidate itself
      if (candidate != kNoServer && !too_busy(servers_[candidate], servers_)) return candidate;
    }
    const ServerId id = LeastScheduler::pick(flow, now);
    if (id == kNoServer) return kNoServer;
    if (set == nullptr) set = &cache_.insert(flow.vip, now);
    insert(*set, id, now);
    return id;
  }

  std::string describe() const override {
    return std::to_string(cache_.size()) + " cached addresses";
  }

 private:
  // The newest of the usable members first.
  ServerId least_loaded(const ServerSet& set) const {
    ServerId least = kNoServer;
    for (auto member = set.members.rbegin(); member != set.members.rend(); ++member) {
      const Destination& server = servers_[*member];
      if (!server.listed || !server.usable()) continue;
      if (least == kNoServer || WeightedLeastConnection::better(server, servers_[least])) {
        least = *member;
      }
    }
    return least;
  }

  void shrink(ServerSet& set, Tick now) const {
    if (set.members.size() < 2) return;
    if (now <= std::uint64_t{set.last_changed} + cache_.expiration()) return;
    ServerId most = kNoServer;
    for (auto member = set.members.rbegin(); member != set.members.rend(); ++member) {
      if (servers_[*member].weight <= 0) continue;
      if (most == kNoServer || WeightedLeastConnection::better(servers_[most], servers_[*member])) {
        most = *member;
      }
    }
    if (std::erase(set.members, most) > 0) set.last_changed = now;
  }

  static void insert(ServerSet& set, ServerId id, Tick now) {
    if (std::find(set.members.begin(), set.members.end(), id) != set.members.end()) return;
    set.members.push_back(id);
    set.last_changed = now;
  }

  LocalityCache<ServerSet> cache_;
};

}  // namespace

std::unique_ptr<Scheduler> make_lblcr(const SchedulerSetup& setup) {
  return std::make_unique<LocalityReplication>(setup);
}

AlgorithmSpec lblcr_spec() {
  return {"ipvs",
          "lblcr",
          "as lblc, with a set of servers per destination address that grows on load",
          "ipvsadm(8), -s lblcr; linuxvirtualserver.org/docs/scheduling.html",
          {{"lblcr_expiration", "24h", "> 0",
            "unused addresses are forgotten, sets shrink after this"}},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
