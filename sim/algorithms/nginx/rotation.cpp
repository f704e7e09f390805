#include "algorithms/nginx/rotation.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace lbsim::algorithms::nginx {
namespace {

// Above these a cycle costs more memory or more time to find than it saves.
constexpr std::int64_t kLongestPeriod = 1 << 14;
constexpr std::int64_t kMostSteps = 1 << 23;

// 0: none that is worth it.
std::int64_t period_of(const std::vector<std::int32_t>& gain, std::int32_t total) {
  std::int32_t divisor = 0;
  for (const std::int32_t g : gain) divisor = std::gcd(divisor, g);
  if (divisor == 0 || gain.size() > std::numeric_limits<std::uint16_t>::max()) return 0;
  const std::int64_t period = total / divisor;
  const bool small =
      period <= kLongestPeriod && period * static_cast<std::int64_t>(gain.size()) <= kMostSteps;
  return small ? period : 0;
}

PeerIndex step(const Cycle& cycle, std::vector<std::int32_t>& current) {
  PeerIndex best = kNoPeer;
  for (PeerIndex i = 0; i < current.size(); ++i) {
    if (cycle.gain[i] == 0) continue;
    current[i] += cycle.gain[i];
    if (best == kNoPeer || current[i] > current[best]) best = i;
  }
  current[best] -= cycle.total;
  return best;
}

// Null if the picks do not come back to `start` after one period.
std::shared_ptr<const Cycle> find_cycle(const std::vector<std::int32_t>& start,
                                        const std::vector<std::int32_t>& gain) {
  auto cycle = std::make_shared<Cycle>();
  cycle->start = start;
  cycle->gain = gain;
  cycle->total = std::accumulate(gain.begin(), gain.end(), 0);
  const std::int64_t period = period_of(gain, cycle->total);
  if (period == 0) return nullptr;
  std::vector<std::int32_t> current = start;
  for (std::int64_t i = 0; i < period; ++i) {
    cycle->picks.push_back(static_cast<std::uint16_t>(step(*cycle, current)));
  }
  return current == start ? cycle : nullptr;
}

std::shared_ptr<const Cycle> find_cycle_from_zero(const std::vector<std::int32_t>& gain) {
  return find_cycle(std::vector<std::int32_t>(gain.size()), gain);
}

}  // namespace

PeerIndex Rotation::pick(Peers& peers, const Tried* tried, Time now) {
  if (tried == nullptr && !peers.quarantine_over(now)) {
    if (!riding(peers, now)) {
      if (wait_ == 0 || cycle_) materialise(peers);
      if (wait_ == 0) look_for_cycle(peers);
      if (wait_ > 0) --wait_;
    }
    if (riding(peers, now)) return ride();
    if (take_turns(peers)) return turns_.pick();
  }
  materialise(peers);
  const Seconds second = whole_seconds(now);
  return peers.smooth_pick([&](PeerIndex i) {
    return !(tried != nullptr && tried->has(i)) && peers.eligible_at(i, second);
  });
}

// Begins the turns where they help and are not active; false: they do not.
bool Rotation::take_turns(Peers& peers) {
  if (turns_.active() && turn_changes_ == peers.changes()) return true;
  turns_.end(peers);
  if (turn_wait_ > 0) {
    --turn_wait_;
    return false;
  }
  if (peers.settled() && turns_.begin(peers, false)) {
    turn_changes_ = peers.changes();
    return true;
  }
  turn_wait_ = static_cast<std::uint32_t>(peers.size());
  return false;
}

void Rotation::materialise(Peers& peers) {
  turns_.end(peers);
  if (!cycle_) return;
  // After k picks a peer has gained k times, and paid the total once per time it was picked.
  std::vector<std::int64_t> times_picked(peers.size());
  for (std::uint32_t k = 0; k < place_; ++k) ++times_picked[cycle_->picks[k]];
  for (PeerIndex i = 0; i < peers.size(); ++i) {
    if (cycle_->gain[i] == 0) continue;
    peers.current[i] =
        static_cast<std::int32_t>(cycle_->start[i] + std::int64_t{cycle_->gain[i]} * place_ -
                                  times_picked[i] * cycle_->total);
  }
  wait_ = static_cast<std::uint32_t>(cycle_->picks.size());
  cycle_ = nullptr;
}

void Rotation::look_for_cycle(const Peers& peers) {
  if (!peers.settled()) {
    wait_ = static_cast<std::uint32_t>(peers.size());
    return;
  }
  std::vector<std::int32_t> gain = peers.weight;
  for (PeerIndex i = 0; i < peers.size(); ++i) {
    if (peers.closed(i)) gain[i] = 0;
  }
  const bool from_zero = std::all_of(peers.current.begin(), peers.current.end(),
                                     [](std::int32_t c) { return c == 0; });
  cycle_ = from_zero ? library_->get(gain, find_cycle_from_zero) : find_cycle(peers.current, gain);
  place_ = 0;
  changes_ = peers.changes();
  // A search in vain costs a period of picks at most: so many are made before the next.
  if (!cycle_) wait_ = kLongestPeriod;
}

}  // namespace lbsim::algorithms::nginx
