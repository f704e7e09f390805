// rr: the next usable server of the list, round and round; weights only matter as zero or not.
// Looks at nothing but its position. O(1) while servers are usable.
#include "algorithms/ipvs/scheduler.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

class RoundRobin final : public Scheduler {
 public:
  explicit RoundRobin(const SchedulerSetup& setup) : servers_(setup.servers) {}

  // The current server itself comes last.
  ServerId pick(const Flow&, Tick) override {
    const std::vector<ServerId>& order = servers_.order();
    std::size_t at = next_;
    for (std::size_t tried = 0; tried < order.size(); ++tried) {
      if (at >= order.size()) at = 0;
      const ServerId id = order[at++];
      if (!servers_[id].usable()) continue;
      next_ = at;
      return id;
    }
    return kNoServer;
  }

  // At the head a new front server is next; elsewhere it is reached after the wrap.
  void added() override {
    if (next_ > 0) ++next_;
  }
  // If the current server goes, the position moves to the one before it.
  void removed(std::size_t position) override {
    if (position < next_) --next_;
  }

  std::string describe() const override { return "next position " + std::to_string(next_); }

 private:
  const ServerList& servers_;
  std::size_t next_ = 0;  // position after the current server; 0: at the head
};

}  // namespace

std::unique_ptr<Scheduler> make_rr(const SchedulerSetup& setup) {
  return std::make_unique<RoundRobin>(setup);
}

AlgorithmSpec rr_spec() {
  return {"ipvs",
          "rr",
          "round robin",
          "ipvsadm(8), -s rr; linuxvirtualserver.org/docs/scheduling.html",
          {},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
