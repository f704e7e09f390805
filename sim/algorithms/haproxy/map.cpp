// The static table of `hash-type map-based` and static-rr: as many entries as the usable servers'
// weights sum up to, spread evenly, rebuilt when one of them changes. Look-up O(1).
//
// Entry by entry, every server's score grows by its weight, and the winner's falls by the total.
// The winner is the first with the largest (score + total) / total, rounded down: its level. A
// level is 1 + floor(weight * entries / total) - wins, so it only moves when the server wins or
// when weight * entries passes a multiple of total, which for all servers together happens about
// once per entry. A calendar of these steps builds the table in time linear in its length.
#include <algorithm>
#include <vector>

#include "algorithms/haproxy/levels.hpp"
#include "algorithms/haproxy/table.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

class Map : public Table {
 public:
  explicit Map(const Servers& servers) : servers_(servers) {}

  ServerId find(std::uint32_t hash, ServerId) override {
    if (stale_) rebuild();
    return entries_[hash % entries_.size()];
  }

  ServerId walk(ServerId avoid) override;

  // Rebuilding waits for the next pick; the place of the walk survives it.
  void server_changed(ServerId, std::uint32_t, bool) override { stale_ = true; }

  std::string describe() const override {
    return "map of " + std::to_string(entries_.size()) + (stale_ ? " (stale)" : "") +
           ", next entry " + std::to_string(next_);
  }

 private:
  void rebuild();

  const Servers& servers_;
  std::vector<ServerId> entries_;
  std::size_t next_ = 0;
  bool stale_ = true;
};

// Without `option allbackups` the table is as long as the first backup's weight, and yet all usable
// backups are spread over it, with that weight as their total: HAProxy 2.6 does so, though its
// manual says that the first takes everything. At most 256 entries.
std::vector<ServerId> spread_backups(const std::vector<Share>& shares, std::uint32_t total) {
  std::vector<std::uint64_t> scores(shares.size());
  std::vector<ServerId> entries;
  while (entries.size() < total) {
    std::size_t best = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      scores[i] += shares[i].weight;
      if (scores[i] / total > scores[best] / total) best = i;
    }
    scores[best] -= total;
    entries.push_back(shares[best].server);
  }
  return entries;
}

void Map::rebuild() {
  std::vector<Share> shares;
  const bool backups = servers_.serving() != Servers::Serving::active;
  for (ServerId s = 0; s < servers_.size(); ++s) {
    if (!servers_[s].usable || servers_[s].backup != backups) continue;
    shares.push_back({s, servers_[s].weight});
  }
  const bool first_only = servers_.serving() == Servers::Serving::first_backup;
  entries_ = (first_only ? spread_backups : spread)(shares, servers_.total_weight());
  stale_ = false;
}

ServerId Map::walk(ServerId avoid) {
  if (stale_) rebuild();
  if (next_ >= entries_.size()) next_ = 0;
  std::size_t after_avoided = 0;
  std::size_t entry = next_;
  do {
    const ServerId server = entries_[entry++];
    if (!servers_.full(server)) {
      if (server != avoid) {
        next_ = entry;
        return server;
      }
      after_avoided = entry;
    }
    if (entry == entries_.size()) entry = 0;
  } while (entry != next_);
  if (after_avoided == 0) return kNoServer;
  next_ = after_avoided;
  return avoid;
}

}  // namespace

std::unique_ptr<Table> make_map(const Servers& servers) { return std::make_unique<Map>(servers); }

}  // namespace lbsim::algorithms::haproxy
