// sh: by the source address (and port with sh-port), through a table of 256 slots in which each
// server has as many slots in a row as its weight, round and round. With sh-fallback the table is
// searched on when the server of the slot is not usable. O(1) per pick.
#include <algorithm>
#include <array>

#include "algorithms/ipvs/hashes.hpp"
#include "algorithms/ipvs/scheduler.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

class SourceHash final : public Scheduler {
 public:
  explicit SourceHash(const SchedulerSetup& setup)
      : servers_(setup.servers),
        port_(setup.has_flag("sh-port")),
        fallback_(setup.has_flag("sh-fallback")) {
    fill();
  }

  ServerId pick(const Flow& flow, Tick) override {
    const std::uint32_t hash = hash32(flow.client + (port_ ? flow.client_port : 0));
    const ServerId id = usable(hash);
    if (id != kNoServer || !fallback_) return id;
    // The walk starts at twice the hash, not at the slot after it.
    for (std::uint32_t k = 0; k < 256; ++k) {
      const ServerId other = usable((hash + (hash + k) % 256) % 256);
      if (other != kNoServer) return other;
    }
    return kNoServer;
  }

  void added() override { fill(); }
  void edited(ServerId) override { fill(); }
  void removed(std::size_t) override { fill(); }

 private:
  ServerId usable(std::uint32_t slot) const {
    const ServerId id = slots_[slot];
    return id != kNoServer && servers_[id].usable() ? id : kNoServer;
  }

  // A server of weight zero gets a slot too, so that quiescing one of weight 1 moves no client of
  // another.
  void fill() {
    slots_.fill(kNoServer);
    const std::vector<ServerId>& order = servers_.order();
    if (order.empty()) return;
    std::size_t slot = 0;
    for (std::size_t turn = 0; slot < slots_.size(); turn = (turn + 1) % order.size()) {
      const auto row = static_cast<std::size_t>(std::max(1, servers_[order[turn]].weight));
      for (std::size_t i = 0; i < row && slot < slots_.size(); ++i) slots_[slot++] = order[turn];
    }
  }

  const ServerList& servers_;
  bool port_;
  bool fallback_;
  std::array<ServerId, 256> slots_;
};

}  // namespace

std::unique_ptr<Scheduler> make_sh(const SchedulerSetup& setup) {
  return std::make_unique<SourceHash>(setup);
}

AlgorithmSpec sh_spec() {
  return {"ipvs",
          "sh",
          "hash of the source address, weighted",
          "ipvsadm(8), -s sh; linuxvirtualserver.org/docs/scheduling.html",
          {{"sh-port", "false", "true | false", "hash the source port too"},
           {"sh-fallback", "false", "true | false", "search on if the server is not usable"}},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
