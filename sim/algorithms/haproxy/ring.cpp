// The ring of `hash-type consistent` and of `balance random`: each server owns 16 nodes per unit of
// weight, placed by its numeric id alone. The node nearer to the hash wins. Nodes lie in one sorted
// array with an index by leading bits, so a look-up is O(1) on average; a change of weight is
// O(nodes).
//
// Bounded loads after Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with Bounded Loads"
// (2016), in the integer form that the HAProxy 2.6 manual describes under hash-balance-factor.
#include <algorithm>
#include <bit>
#include <vector>

#include "algorithms/haproxy/hash.hpp"
#include "algorithms/haproxy/table.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

constexpr std::uint32_t kMaxNodes = 4096;  // of one server

struct Node {
  std::uint32_t key;
  ServerId server;
  std::uint32_t number;
};

bool by_key(const Node& a, const Node& b) { return a.key < b.key; }

// The sorted nodes of the active, or of the backup, servers.
class Nodes {
 public:
  bool empty() const { return nodes_.empty(); }
  std::size_t size() const { return nodes_.size(); }
  const Node& operator[](std::size_t i) const { return nodes_[i]; }

  // New nodes go behind those that have the same key.
  void add(std::vector<Node> more) {
    std::stable_sort(more.begin(), more.end(), by_key);
    std::vector<Node> all(nodes_.size() + more.size());
    std::merge(nodes_.begin(), nodes_.end(), more.begin(), more.end(), all.begin(), by_key);
    nodes_ = std::move(all);
    index();
  }

  void remove(ServerId server, std::uint32_t from_number) {
    std::erase_if(nodes_,
                  [&](const Node& n) { return n.server == server && n.number >= from_number; });
    index();
  }

  // Position of the node nearest to the hash; the one before it on a tie.
  std::size_t nearest(std::uint32_t hash) const {
    std::size_t after = starts_[hash >> shift_];
    while (after < nodes_.size() && nodes_[after].key < hash) ++after;
    if (after == nodes_.size()) after = 0;
    const std::size_t before = after == 0 ? nodes_.size() - 1 : after - 1;
    return hash - nodes_[before].key <= nodes_[after].key - hash ? before : after;
  }

 private:
  // starts_[b]: the first node whose key's leading bits are at least b; about one node per b.
  void index() {
    const int bits = std::max(1, static_cast<int>(std::bit_width(nodes_.size())));
    shift_ = 32 - bits;
    starts_.assign(std::size_t{1} << bits, 0);
    std::size_t node = 0;
    for (std::size_t b = 0; b < starts_.size(); ++b) {
      while (node < nodes_.size() && nodes_[node].key >> shift_ < b) ++node;
      starts_[b] = node;
    }
  }

  std::vector<Node> nodes_;
  std::vector<std::size_t> starts_;
  int shift_ = 31;
};

class Ring : public Table {
 public:
  Ring(const Servers& servers, int balance_factor);

  ServerId find(std::uint32_t hash, ServerId avoid) override;
  ServerId walk(ServerId avoid) override;
  void server_changed(ServerId s, std::uint32_t old_weight, bool was_usable) override;
  std::string describe() const override;

 private:
  Nodes& serving() { return nodes_[servers_.serving() == Servers::Serving::active ? 0 : 1]; }
  Nodes& nodes_of(ServerId s) { return nodes_[servers_[s].backup ? 1 : 0]; }
  std::vector<Node> make_nodes(ServerId s, std::uint32_t from, std::uint32_t to) const;
  void shrink(ServerId s, std::uint32_t to);
  void grow(ServerId s, std::uint32_t from, std::uint32_t to);
  bool within_bound(ServerId s) const;

  const Servers& servers_;
  std::uint32_t balance_factor_;
  Nodes nodes_[2];                            // active, backup
  std::vector<std::uint32_t> largest_;        // the most nodes that each server has had room for
  std::vector<std::uint32_t> weight_before_;  // sum over the servers before each, at the start
  // The walk stands at a node of the tree it was in, even when the other group serves by now.
  Nodes* walked_ = nullptr;  // null: begins at the lowest key
  std::size_t walked_to_ = 0;
};

Ring::Ring(const Servers& servers, int balance_factor)
    : servers_(servers), balance_factor_(static_cast<std::uint32_t>(balance_factor)) {
  std::vector<Node> nodes[2];
  std::uint32_t before[2] = {0, 0};
  for (ServerId s = 0; s < servers.size(); ++s) {
    const std::size_t group = servers[s].backup ? 1 : 0;
    largest_.push_back(servers[s].weight);
    weight_before_.push_back(servers[s].usable ? before[group] : 0);
    if (!servers[s].usable) continue;
    before[group] += servers[s].weight;
    const std::vector<Node> own = make_nodes(s, 0, servers[s].weight);
    nodes[group].insert(nodes[group].end(), own.begin(), own.end());
  }
  nodes_[0].add(std::move(nodes[0]));
  nodes_[1].add(std::move(nodes[1]));
}

std::vector<Node> Ring::make_nodes(ServerId s, std::uint32_t from, std::uint32_t to) const {
  std::vector<Node> nodes;
  const auto id = static_cast<std::uint32_t>(servers_[s].id);
  for (std::uint32_t n = from; n < to; ++n) nodes.push_back({avalanche(id * kMaxNodes + n), s, n});
  return nodes;
}

void Ring::server_changed(ServerId s, std::uint32_t old_weight, bool was_usable) {
  const std::uint32_t had = was_usable ? old_weight : 0;
  const std::uint32_t gets = servers_[s].usable ? servers_[s].weight : 0;
  if (gets < had) shrink(s, gets);
  if (gets > largest_[s]) {
    shrink(s, 0);
    grow(s, 0, gets);
    largest_[s] = gets;
  } else if (gets > had) {
    grow(s, had, gets);
  }
}

// A walk that stands on a node that goes away moves on to the next one that stays, which the next
// pick will step over; behind the last one it begins anew.
void Ring::shrink(ServerId s, std::uint32_t to) {
  Nodes& nodes = nodes_of(s);
  const auto goes = [&](std::size_t i) { return nodes[i].server == s && nodes[i].number >= to; };
  if (walked_ == &nodes) {
    while (walked_to_ < nodes.size() && goes(walked_to_)) ++walked_to_;
    if (walked_to_ == nodes.size()) walked_ = nullptr;
    std::size_t gone = 0;
    for (std::size_t i = 0; i < walked_to_; ++i) gone += goes(i) ? 1 : 0;
    walked_to_ -= gone;
  }
  nodes.remove(s, to);
}

void Ring::grow(ServerId s, std::uint32_t from, std::uint32_t to) {
  Nodes& nodes = nodes_of(s);
  std::vector<Node> more = make_nodes(s, from, to);
  if (walked_ == &nodes) {
    const std::uint32_t key = nodes[walked_to_].key;
    for (const Node& node : more) walked_to_ += node.key < key ? 1 : 0;
  }
  nodes.add(std::move(more));
}

ServerId Ring::find(std::uint32_t hash, ServerId avoid) {
  if (servers_.serving() == Servers::Serving::first_backup) return servers_.first_backup();
  const Nodes& nodes = serving();
  std::size_t at = nodes.nearest(hash);
  ServerId server = nodes[at].server;
  bool wrapped = false;
  while (server == avoid || (balance_factor_ != 0 && !within_bound(server))) {
    if (++at == nodes.size()) {
      at = 0;
      if (wrapped) break;  // nobody is eligible: the owner of the highest node takes it
      wrapped = true;
    }
    server = nodes[at].server;
  }
  return server;
}

bool Ring::within_bound(ServerId s) const {
  const std::uint32_t total = servers_.total_weight();
  const std::uint32_t weight = servers_[s].weight;
  const std::uint32_t slots = ((servers_.backend_served + 1) * balance_factor_ + 99) / 100;
  const std::uint32_t rest = slots % total;
  const std::uint32_t before = weight_before_[s];
  const std::uint32_t own =
      weight * (slots / total) + (before + weight) * rest / total - before * rest / total;
  return servers_[s].served < std::max(own, 1U);
}

// A walk that finds no free slot all the way round begins anew, at the lowest key; and one that
// begins anew looks no further than that first node. So HAProxy may queue a request although a slot
// is free.
ServerId Ring::walk(ServerId avoid) {
  if (servers_.serving() == Servers::Serving::first_backup) return servers_.first_backup();
  const Nodes* stop = walked_;
  std::size_t stop_at = walked_to_;
  ServerId avoided = kNoServer;
  do {
    if (walked_ != nullptr && walked_to_ + 1 < walked_->size()) {
      ++walked_to_;
    } else {
      walked_ = &serving();
      walked_to_ = 0;
    }
    if (stop == nullptr) {
      stop = walked_;
      stop_at = 0;
    }
    const ServerId server = (*walked_)[walked_to_].server;
    if (servers_.full(server)) continue;
    if (server != avoid) return server;
    avoided = server;
  } while (walked_ != stop || walked_to_ != stop_at);
  if (avoided == kNoServer) walked_ = nullptr;
  return avoided;
}

std::string Ring::describe() const {
  std::string text = "ring of " + std::to_string(nodes_[0].size()) + " nodes";
  if (nodes_[1].size() > 0) text += " (backups: " + std::to_string(nodes_[1].size()) + ")";
  if (walked_ != nullptr) text += ", walk at node " + std::to_string(walked_to_);
  return text;
}

}  // namespace

std::unique_ptr<Table> make_ring(const Servers& servers, int balance_factor) {
  return std::make_unique<Ring>(servers, balance_factor);
}

}  // namespace lbsim::algorithms::haproxy
