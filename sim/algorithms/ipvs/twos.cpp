// twos: two servers drawn at random in proportion to their weights; the one with the lower load for
// its weight takes the connection, the first drawn on ties. Linux draws from its own generator, so
// that only the distribution of the picks can be the same. O(servers) per pick. Source:
// Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001; ipvsadm(8), -s twos.
#include "algorithms/ipvs/scheduler.hpp"
#include "algorithms/ipvs/wlc.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

class TwoChoices final : public Scheduler {
 public:
  explicit TwoChoices(const SchedulerSetup& setup)
      : servers_(setup.servers), random_(setup.seed, "ipvs.twos") {}

  ServerId pick(const Flow&, Tick) override {
    std::uint64_t total = 0;
    for (const ServerId id : servers_.order()) total += share(id);
    if (total == 0) return kNoServer;
    const ServerId first = holder(random_.below(total));
    const ServerId second = holder(random_.below(total));
    return WeightedLeastConnection::better(servers_[second], servers_[first]) ? second : first;
  }

 private:
  std::uint64_t share(ServerId id) const {
    return servers_[id].usable() ? static_cast<std::uint64_t>(servers_[id].weight) : 0;
  }

  // The server in whose share of the total weight the number falls.
  ServerId holder(std::uint64_t number) const {
    for (const ServerId id : servers_.order()) {
      if (number < share(id)) return id;
      number -= share(id);
    }
    return kNoServer;
  }

  const ServerList& servers_;
  Random random_;
};

}  // namespace

std::unique_ptr<Scheduler> make_twos(const SchedulerSetup& setup) {
  return std::make_unique<TwoChoices>(setup);
}

AlgorithmSpec twos_spec() {
  return {"ipvs",
          "twos",
          "the less loaded of two servers drawn by weight",
          "ipvsadm(8), -s twos; Mitzenmacher, IEEE TPDS 12 (2001)",
          {},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
