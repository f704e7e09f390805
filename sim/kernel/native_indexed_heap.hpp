// A 4-ary heap of (key, id) in which every id can be found, moved and removed. Where the ids stand
// is kept by the caller, so that several heaps that share out one set of ids share one table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lbsim::kernel {

using Positions = std::vector<std::uint32_t>;
inline constexpr std::uint32_t kNowhere = 0xffffffffU;

template <class Key>
class IndexedHeap {
 public:
  struct Node {
    Key key;
    std::uint32_t id;
  };

  bool empty() const { return nodes_.empty(); }
  std::size_t size() const { return nodes_.size(); }
  const Node& top() const { return nodes_.front(); }
  const std::vector<Node>& nodes() const { return nodes_; }

  void insert(Positions& at, std::uint32_t id, Key key) {
    nodes_.push_back({key, id});
    sift_up(at, nodes_.size() - 1, {key, id});
  }

  void update(Positions& at, std::uint32_t id, Key key) {
    const std::size_t i = at[id];
    if (key < nodes_[i].key) {
      sift_up(at, i, {key, id});
    } else if (nodes_[i].key < key) {
      sift_down(at, i, {key, id});
    }
  }

  // Takes the same from every key, which leaves their order as it is.
  template <class Visit>
  void lower_keys(Key by, Visit visit) {
    for (Node& node : nodes_) {
      node.key -= by;
      visit(node.id);
    }
  }

  void remove(Positions& at, std::uint32_t id) {
    const std::size_t i = at[id];
    at[id] = kNowhere;
    const Node last = nodes_.back();
    nodes_.pop_back();
    if (i == nodes_.size()) return;
    if (i > 0 && last.key < nodes_[(i - 1) / 4].key) {
      sift_up(at, i, last);
    } else {
      sift_down(at, i, last);
    }
  }

 private:
  void place(Positions& at, std::size_t i, const Node& node) {
    nodes_[i] = node;
    at[node.id] = static_cast<std::uint32_t>(i);
  }

  void sift_up(Positions& at, std::size_t hole, const Node node) {
    while (hole > 0) {
      const std::size_t parent = (hole - 1) / 4;
      if (!(node.key < nodes_[parent].key)) break;
      place(at, hole, nodes_[parent]);
      hole = parent;
    }
    place(at, hole, node);
  }

  std::size_t least_child(std::size_t first) const {
    const Node* const n = nodes_.data();
    if (first + 4 <= nodes_.size()) {
      const std::size_t a = first + (n[first + 1].key < n[first].key);
      const std::size_t b = first + 2 + (n[first + 3].key < n[first + 2].key);
      return a ^ ((a ^ b) & (0 - std::size_t{n[b].key < n[a].key}));
    }
    std::size_t least = first;
    for (std::size_t i = first + 1; i < nodes_.size(); ++i) {
      least = n[i].key < n[least].key ? i : least;
    }
    return least;
  }

  void sift_down(Positions& at, std::size_t hole, const Node node) {
    for (std::size_t child = hole * 4 + 1; child < nodes_.size(); child = hole * 4 + 1) {
      const std::size_t least = least_child(child);
      if (!(nodes_[least].key < node.key)) break;
      place(at, hole, nodes_[least]);
      hole = least;
    }
    place(at, hole, node);
  }

  std::vector<Node> nodes_;
};

}  // namespace lbsim::kernel
