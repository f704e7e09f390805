// Servers in order of a key; equal keys in order of insertion. A winner tree: the first is read at
// the root, insertion and removal of any server replay one path (log2 n steps, no allocation).
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "algorithms/upstream.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::haproxy {

class OrderedServers {
 public:
  // Key, number of the insertion, and server, from the most significant bit down.
  using Position = Wide;
  static constexpr Position kAbsent = ~Position{0};

  explicit OrderedServers(std::size_t servers)
      : leaves_(std::bit_ceil(servers < 2 ? std::size_t{2} : servers)),
        tree_(2 * leaves_, kAbsent) {}

  bool empty() const { return tree_[1] == kAbsent; }
  ServerId first() const { return server_at(tree_[1]); }  // kNoServer when empty
  Position position(ServerId server) const { return tree_[leaves_ + server]; }

  // A new position for `server`, behind all present with the same key. Replaces its former one.
  Position insert(ServerId server, std::uint32_t key) {
    const Position position = new_position(server, key);
    restore(server, position);
    return position;
  }

  // The position that insert() would give, for a server that stays out for now.
  Position new_position(ServerId server, std::uint32_t key) {
    return static_cast<Position>(key) << 96 | static_cast<Position>(++insertions_) << 32 | server;
  }

  void erase(ServerId server) { restore(server, kAbsent); }

  // Puts a server at a position that it had, with its former place among equals.
  void restore(ServerId server, Position position) {
    std::size_t node = leaves_ + server;
    tree_[node] = position;
    while (node > 1) {
      const Position other = tree_[node ^ 1];
      if (other < position) position = other;
      node >>= 1;
      if (tree_[node] == position) return;
      tree_[node] = position;
    }
  }

 private:
  static ServerId server_at(Position position) {
    return static_cast<ServerId>(position & 0xffffffffU);  // kAbsent gives kNoServer
  }

  std::size_t leaves_;
  std::vector<Position> tree_;  // node i has children 2i and 2i + 1; leaves from leaves_ on
  std::uint64_t insertions_ = 0;
};

}  // namespace lbsim::algorithms::haproxy
