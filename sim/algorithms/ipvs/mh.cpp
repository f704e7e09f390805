// mh: Maglev hashing (Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load
// Balancer", NSDI 2016) of the source address (and port with mh-port) over a table of 4093 entries.
// Servers keep their entries in the table while they are quiesced. O(1) per pick, O(table) for the
// first one after a change of the list.
#include <algorithm>
#include <bit>
#include <numeric>

#include "algorithms/ipvs/hashes.hpp"
#include "algorithms/ipvs/scheduler.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

constexpr std::uint32_t kTableSize = 4093;  // largest prime below 2^12 (IP_VS_MH_TAB_INDEX=12)

std::uint32_t lookup_hash(std::uint32_t word) { return siphash13(2654435761u, word) % kTableSize; }
std::uint32_t skip_hash(std::uint32_t word) {
  return siphash13(2654446892u, word) % (kTableSize - 1) + 1;
}

// One server's walk through the table, and how many entries it takes at a time.
struct Walk {
  ServerId server;
  std::uint32_t at;
  std::uint32_t skip;
  std::uint32_t turns;
};

class Maglev final : public Scheduler {
 public:
  explicit Maglev(const SchedulerSetup& setup)
      : servers_(setup.servers),
        port_(setup.has_flag("mh-port")),
        fallback_(setup.has_flag("mh-fallback")) {}

  ServerId pick(const Flow& flow, Tick) override {
    if (stale_) fill();
    if (table_.empty()) return kNoServer;
    const std::uint32_t source = flow.client + (port_ ? flow.client_port : 0);
    const std::uint32_t first = lookup_hash(source);
    const ServerId id = table_[first];
    if (servers_[id].usable()) return id;
    if (!fallback_) return kNoServer;
    // Each further look is a new hash, not the neighbour.
    for (std::uint32_t k = 0; k < kTableSize; ++k) {
      const ServerId other = table_[lookup_hash(source + (first + k) % kTableSize)];
      if (servers_[other].usable()) return other;
    }
    return kNoServer;
  }

  void added() override { stale_ = true; }
  void edited(ServerId) override { stale_ = true; }
  void removed(std::size_t) override { stale_ = true; }

 private:
  std::vector<Walk> walks() const;
  void fill();

  const ServerList& servers_;
  bool port_;
  bool fallback_;
  bool stale_ = true;            // the list has changed since the table was filled
  std::vector<ServerId> table_;  // empty when no server has ever had a weight
};

// Weights are divided by their common divisor and scaled down so that no server takes more than 63
// entries in a row.
std::vector<Walk> Maglev::walks() const {
  std::uint32_t divisor = 0;
  std::uint32_t highest = 0;
  for (const ServerId id : servers_.order()) {
    const auto weight = static_cast<std::uint32_t>(servers_[id].last_weight);
    divisor = std::gcd(divisor, weight);
    highest = std::max(highest, weight);
  }
  std::vector<Walk> all;
  if (highest == 0) return all;
  const int shift = std::max(0, static_cast<int>(std::bit_width(highest / divisor)) - 6);
  for (const ServerId id : servers_.order()) {
    const auto weight = static_cast<std::uint32_t>(servers_[id].last_weight);
    if (weight == 0) continue;
    const std::uint32_t word = servers_.config(id).address + servers_.config(id).port;
    all.push_back(
        {id, lookup_hash(word), skip_hash(word), std::max(1u, weight / divisor >> shift)});
  }
  return all;
}

void Maglev::fill() {
  stale_ = false;
  table_.clear();
  std::vector<Walk> all = walks();
  if (all.empty()) return;
  table_.assign(kTableSize, kNoServer);
  std::uint32_t filled = 0;
  for (std::size_t turn = 0; filled < kTableSize; turn = (turn + 1) % all.size()) {
    Walk& walk = all[turn];
    for (std::uint32_t i = 0; i < walk.turns && filled < kTableSize; ++i) {
      while (table_[walk.at] != kNoServer) walk.at = (walk.at + walk.skip) % kTableSize;
      table_[walk.at] = walk.server;
      ++filled;
    }
  }
}

}  // namespace

std::unique_ptr<Scheduler> make_mh(const SchedulerSetup& setup) {
  return std::make_unique<Maglev>(setup);
}

AlgorithmSpec mh_spec() {
  return {"ipvs",
          "mh",
          "Maglev hash of the source address, weighted",
          "ipvsadm(8), -s mh; Eisenbud et al., NSDI 2016",
          {{"mh-port", "false", "true | false", "hash the source port too"},
           {"mh-fallback", "false", "true | false", "hash again if the server is not usable"}},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
