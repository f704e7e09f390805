// What lblc and lblcr share: a cache from destination address to servers whose entries go when they
// have not been used for long, and when a server is too busy to keep its addresses.
#pragma once

#include <unordered_map>

#include "algorithms/ipvs/server_list.hpp"
#include "algorithms/ipvs/ticks.hpp"

namespace lbsim::algorithms::ipvs {

// Has more active connections than its weight while another server, whatever its state, has less
// than half its weight.
inline bool too_busy(const Destination& server, const ServerList& servers) {
  if (std::int64_t{server.active} <= server.weight) return false;
  for (const ServerId id : servers.order()) {
    if (std::int64_t{servers[id].active} * 2 < servers[id].weight) return true;
  }
  return false;
}

// Entry needs a member Tick last_used.
template <class Entry>
class LocalityCache {
 public:
  LocalityCache(Tick now, std::uint32_t expiration_s)
      : next_run_(fire_tick_after(now, kPeriod)), expiration_(expiration_s * kTicksPerSecond) {}

  // The entry of an address, marked as used; null if there is none.
  Entry* find(std::uint32_t address, Tick now) {
    expire(now);
    const auto found = entries_.find(address);
    if (found == entries_.end()) return nullptr;
    found->second.last_used = now;
    return &found->second;
  }

  Entry& insert(std::uint32_t address, Tick now) {
    Entry& entry = entries_[address];
    entry.last_used = now;
    return entry;
  }

  std::uint32_t expiration() const { return expiration_; }
  std::size_t size() const { return entries_.size(); }

 private:
  static constexpr std::uint32_t kPeriod = 60 * kTicksPerSecond;
  static constexpr std::uint32_t kRunsPerSweep = 30;  // about 1843 s, as timers fire late

  // The timer has no effect that could be seen between two picks, so its runs are made up for here.
  void expire(Tick now) {
    while (next_run_ <= now) {
      if (++runs_ % kRunsPerSweep == 0) sweep(next_run_);
      next_run_ = fire_tick_after(next_run_, kPeriod);
    }
  }

  void sweep(Tick now) {
    std::erase_if(entries_, [&](const auto& item) {
      return std::uint64_t{item.second.last_used} + expiration_ <= now;
    });
  }

  std::unordered_map<std::uint32_t, Entry> entries_;
  Tick next_run_;
  std::uint32_t runs_ = 0;
  std::uint32_t expiration_;
};

}  // namespace lbsim::algorithms::ipvs
