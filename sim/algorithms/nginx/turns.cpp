#include "algorithms/nginx/turns.hpp"

#include <algorithm>
#include <bit>

namespace lbsim::algorithms::nginx {
namespace {

// Below and above these the vector loops of a walk are faster.
constexpr std::size_t kFewestPeers = 128;
constexpr std::size_t kMostWeights = 32;

constexpr std::int64_t kLargest = std::int64_t{1} << 62;  // more than any current

}  // namespace

std::int64_t Turns::own_of(Position p) {
  return kLargest - static_cast<std::int64_t>(static_cast<std::uint64_t>(p >> 32));
}

Turns::Position Turns::position(std::uint32_t conns, std::int64_t own, PeerIndex peer) {
  return static_cast<Position>(conns) << 96 |
         static_cast<Position>(static_cast<std::uint64_t>(kLargest - own)) << 32 | peer;
}

Turns::Level& Turns::Weight::level(std::uint32_t conns) {
  if (conns >= levels.size()) levels.resize(conns + 1);
  return levels[conns];
}

void Turns::Weight::set(std::size_t leaf, Position position) {
  std::size_t node = leaves + leaf;
  tree[node] = position;
  while (node > 1) {
    position = std::min(position, tree[node ^ 1]);
    node >>= 1;
    if (tree[node] == position) return;
    tree[node] = position;
  }
}

// Gives each weight its peers, in order; false if there are too many weights.
bool Turns::sort_weights(const Peers& peers) {
  std::vector<std::int32_t> distinct = peers.weight;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (distinct.size() > kMostWeights) return false;
  weights_.assign(distinct.size(), {});
  places_.resize(peers.size());
  for (PeerIndex i = 0; i < peers.size(); ++i) {
    const auto found = std::lower_bound(distinct.begin(), distinct.end(), peers.weight[i]);
    const auto at = static_cast<std::uint32_t>(found - distinct.begin());
    places_[i] = {at, static_cast<std::uint32_t>(weights_[at].leaves++)};
  }
  for (std::size_t w = 0; w < distinct.size(); ++w) {
    weights_[w].weight = distinct[w];
    weights_[w].leaves = std::bit_ceil(std::max<std::size_t>(weights_[w].leaves, 2));
    weights_[w].tree.assign(2 * weights_[w].leaves, kOut);
  }
  return true;
}

bool Turns::begin(const Peers& peers, bool by_load) {
  if (peers.size() < kFewestPeers || !sort_weights(peers)) return false;
  by_load_ = by_load;
  for (PeerIndex i = 0; i < peers.size(); ++i) {
    Weight& weight = weights_[places_[i].weight];
    weight.tree[weight.leaves + places_[i].leaf] = enter(peers, i);
  }
  for (Weight& weight : weights_) {
    for (std::size_t node = weight.leaves - 1; node >= 1; --node) {
      weight.tree[node] = std::min(weight.tree[2 * node], weight.tree[2 * node + 1]);
    }
  }
  active_ = true;
  return true;
}

Turns::Position Turns::enter(const Peers& peers, PeerIndex peer) {
  if (!peers.unrestricted() && peers.closed(peer)) return kOut;
  const std::uint32_t conns = by_load_ ? static_cast<std::uint32_t>(peers.conns[peer]) : 0;
  Level& level = weights_[places_[peer].weight].level(conns);
  ++level.peers;
  return position(conns, peers.current[peer] - level.gained, peer);
}

void Turns::leave(Peers& peers, PeerIndex peer) {
  Weight& weight = weights_[places_[peer].weight];
  const Position position = weight.tree[weight.leaves + places_[peer].leaf];
  if (position == kOut) return;
  Level& level = weight.levels[conns_of(position)];
  peers.current[peer] = static_cast<std::int32_t>(own_of(position) + level.gained);
  if (--level.peers == 0) level.gained = 0;
}

void Turns::update(Peers& peers, PeerIndex peer) {
  if (!active_) return;
  leave(peers, peer);
  weights_[places_[peer].weight].set(places_[peer].leaf, enter(peers, peer));
}

void Turns::end(Peers& peers) {
  if (!active_) return;
  for (PeerIndex i = 0; i < peers.size(); ++i) leave(peers, i);
  active_ = false;
}

// nginx compares conns_a * weight_b with conns_b * weight_a.
const Turns::Weight* Turns::least_loaded() const {
  const Weight* least = nullptr;
  for (const Weight& weight : weights_) {
    if (weight.first() == kOut) continue;
    if (least == nullptr ||
        conns_of(weight.first()) * least->weight < conns_of(least->first()) * weight.weight) {
      least = &weight;
    }
  }
  return least;
}

bool Turns::is_tied(const Weight& weight, const Weight& least) const {
  return weight.first() != kOut &&
         conns_of(weight.first()) * least.weight == conns_of(least.first()) * weight.weight;
}

PeerIndex Turns::pick() {
  const Weight* least = least_loaded();
  if (least == nullptr) return kNoPeer;
  std::int64_t total = 0;
  std::uint32_t tied = 0;
  Weight* best = nullptr;
  std::int64_t largest = 0;
  for (Weight& weight : weights_) {
    if (!is_tied(weight, *least)) continue;
    const Level& level = weight.levels[conns_of(weight.first())];
    tied += level.peers;
    total += level.peers * weight.weight;
    const std::int64_t current = own_of(weight.first()) + level.gained + weight.weight;
    if (best == nullptr || current > largest ||
        (current == largest && peer_of(weight.first()) < peer_of(best->first()))) {
      best = &weight;
      largest = current;
    }
  }
  const Position first = best->first();
  const PeerIndex peer = peer_of(first);
  if (tied == 1) return peer;  // nothing to take turns with
  for (Weight& weight : weights_) {
    if (is_tied(weight, *least)) weight.levels[conns_of(weight.first())].gained += weight.weight;
  }
  best->set(places_[peer].leaf, position(conns_of(first), own_of(first) - total, peer));
  return peer;
}

}  // namespace lbsim::algorithms::nginx
