// Smooth weighted round robin among the peers that are least loaded, for pools too large to be
// walked at each pick: O(distinct weights + log peers) for a pick or a changed peer.
//
// At a pick all peers that tie gain their weight. Peers of one weight with the same number of
// connections thus keep their order whatever they gain; only the one that is picked falls back. So
// what they gained is kept once for all of them, and each weight has a winner tree of its peers:
// fewest connections first, then the largest current, then the first in the configuration.
#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/nginx/peers.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::nginx {

class Turns {
 public:
  bool active() const { return active_; }

  // Begins from the currents in `peers`, among those that are not closed and have their full
  // weight. `by_load` false: all tie, however many connections they have. False, and nothing done,
  // if a walk is as fast: few peers, or many different weights.
  bool begin(const Peers& peers, bool by_load);

  // The next pick; kNoPeer if all are closed. The caller counts the connection and calls update.
  PeerIndex pick();

  // The number of connections of a peer changed, or whether it is closed. Needed only while active;
  // without by_load only when a peer closes or opens.
  void update(Peers& peers, PeerIndex peer);

  // Brings the currents in `peers` up to date and ends.
  void end(Peers& peers);

 private:
  // Connections, what the peer lacks to the largest current there can be, and the peer, from the
  // most significant bit down.
  using Position = Wide;
  static constexpr Position kOut = ~Position{0};

  struct Level {              // the peers of one weight with one number of connections
    std::int64_t gained = 0;  // by each of them since the first came
    std::uint32_t peers = 0;
  };
  struct Weight {
    std::int64_t weight = 0;
    std::size_t leaves = 0;
    std::vector<Position> tree;  // node i has children 2i and 2i + 1; leaves from `leaves` on
    std::vector<Level> levels;   // by the number of connections

    Position first() const { return tree[1]; }
    Level& level(std::uint32_t conns);
    void set(std::size_t leaf, Position position);
  };
  struct Place {
    std::uint32_t weight = 0;  // position in weights_
    std::uint32_t leaf = 0;
  };

  static std::uint32_t conns_of(Position p) { return static_cast<std::uint32_t>(p >> 96); }
  static std::int64_t own_of(Position p);  // the current without what the level gained
  static PeerIndex peer_of(Position p) { return static_cast<PeerIndex>(p); }
  static Position position(std::uint32_t conns, std::int64_t own, PeerIndex peer);

  bool sort_weights(const Peers& peers);
  Position enter(const Peers& peers, PeerIndex peer);
  void leave(Peers& peers, PeerIndex peer);
  bool is_tied(const Weight& weight, const Weight& least) const;
  const Weight* least_loaded() const;

  std::vector<Weight> weights_;
  std::vector<Place> places_;  // by peer
  bool by_load_ = false;
  bool active_ = false;
};

}  // namespace lbsim::algorithms::nginx
