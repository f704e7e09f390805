// dh: by the destination address, through a table of 256 slots that the servers fill in turn;
// weights only matter as zero or not. For farms of transparent caches. O(1) per pick.
#include <array>

#include "algorithms/ipvs/hashes.hpp"
#include "algorithms/ipvs/scheduler.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

class DestinationHash final : public Scheduler {
 public:
  explicit DestinationHash(const SchedulerSetup& setup) : servers_(setup.servers) { fill(); }

  ServerId pick(const Flow& flow, Tick) override {
    const ServerId id = slots_[hash32(flow.vip)];
    return id != kNoServer && servers_[id].usable() ? id : kNoServer;
  }

  void added() override { fill(); }
  void removed(std::size_t) override { fill(); }

 private:
  void fill() {
    const std::vector<ServerId>& order = servers_.order();
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      slots_[i] = order.empty() ? kNoServer : order[i % order.size()];
    }
  }

  const ServerList& servers_;
  std::array<ServerId, 256> slots_;
};

}  // namespace

std::unique_ptr<Scheduler> make_dh(const SchedulerSetup& setup) {
  return std::make_unique<DestinationHash>(setup);
}

AlgorithmSpec dh_spec() {
  return {"ipvs",
          "dh",
          "hash of the destination address",
          "ipvsadm(8), -s dh; linuxvirtualserver.org/docs/scheduling.html",
          {},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
