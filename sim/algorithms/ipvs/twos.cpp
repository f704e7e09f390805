// twos: two servers drawn at random in proportion to their weights; the one with the lower load for
// its weight takes the connection, the first drawn on ties. Linux draws from its own generator, so
// that only the distribution of the picks can be the same. O(log servers) per pick, O(servers) for
// the first one after a server has become usable, unusable or another weight. Source:
// Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001; ipvsadm(8), -s twos.
#include <algorithm>

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
    if (stale_) add_up();
    if (up_to_.empty() || up_to_.back() == 0) return kNoServer;
    const ServerId first = holder(random_.below(up_to_.back()));
    const ServerId second = holder(random_.below(up_to_.back()));
    return WeightedLeastConnection::better(servers_[second], servers_[first]) ? second : first;
  }

  void added() override { stale_ = true; }
  void edited(ServerId) override { stale_ = true; }
  void removed(std::size_t) override { stale_ = true; }

  bool follows_load() const override { return true; }
  void load_changed(ServerId id) override {
    stale_ = stale_ || servers_[id].usable() != usable_[id];
  }

 private:
  void add_up() {
    stale_ = false;
    up_to_.clear();
    usable_.assign(servers_.size(), false);
    std::uint64_t total = 0;
    for (const ServerId id : servers_.order()) {
      usable_[id] = servers_[id].usable();
      if (usable_[id]) total += static_cast<std::uint64_t>(servers_[id].weight);
      up_to_.push_back(total);
    }
  }

  // The server in whose share of the total weight the number falls.
  ServerId holder(std::uint64_t number) const {
    const auto found = std::upper_bound(up_to_.begin(), up_to_.end(), number);
    return servers_.order()[static_cast<std::size_t>(found - up_to_.begin())];
  }

  bool stale_ = true;
  std::vector<std::uint64_t> up_to_;  // by position: usable weights up to and with the server's
  std::vector<bool> usable_;          // by id, when they were added up
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
