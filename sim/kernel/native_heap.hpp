// The pending set: a 4-ary heap of 16-byte entries whose cancelled ones stay until they surface or
// until they are the larger part. LaMarca and Ladner, "The influence of caches on the performance
// of heaps", JEA 1 (1996): four children are one cache line and half the depth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/random.hpp"

namespace lbsim::kernel {

// `order` is the number of the model's call, then the slot of its item: entries of one key come in
// the order in which the model asked for them.
struct Entry {
  std::int64_t key = std::numeric_limits<std::int64_t>::max();  // >= 0
  std::uint64_t order = std::numeric_limits<std::uint64_t>::max();

  Wide rank() const { return static_cast<Wide>(static_cast<std::uint64_t>(key)) << 64 | order; }
};

inline constexpr int kSlotBits = 24;
inline constexpr std::uint32_t kSlotLimit = 1U << kSlotBits;
inline constexpr std::uint32_t kNoSlot = kSlotLimit - 1;

constexpr std::uint64_t make_order(std::uint64_t number, std::uint32_t slot) {
  return number << kSlotBits | slot;
}
constexpr std::uint32_t slot_of(std::uint64_t order) {
  return static_cast<std::uint32_t>(order) & (kSlotLimit - 1);
}
constexpr std::uint64_t number_of(std::uint64_t order) { return order >> kSlotBits; }

// An event is mostly followed by a push: pop() leaves a hole at the top, which push() then fills at
// the cost of one way down instead of one down and one up.
template <class T>
class RankHeap {
 public:
  bool empty() const { return size() == 0; }
  std::size_t size() const { return size_ - hole_; }
  std::size_t capacity() const { return entries_.size(); }
  // Of an empty heap: the default entry, which comes after every other.
  const T& top() {
    if (hole_) close_hole();
    return size_ > 0 ? entries_[0] : kLast;
  }

  void push(const T& entry) {
    if (hole_) {
      hole_ = false;
      return sift_down(0, entry);
    }
    if (size_ + 4 >= entries_.size()) entries_.resize(entries_.size() * 2 + 9);
    sift_up(size_++, entry);
  }

  void pop() {
    if (hole_) close_hole();
    hole_ = true;
  }

  template <class Predicate>
  void erase_if(Predicate gone) {
    if (hole_) close_hole();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      if (!gone(entries_[i])) entries_[kept++] = entries_[i];
    }
    for (std::size_t i = kept; i < size_; ++i) entries_[i] = kLast;
    size_ = kept;
    restore();
    if (size_ * 8 + 64 < entries_.size()) shrink();
  }

  template <class Change>
  void change_all(Change change) {
    if (hole_) close_hole();
    for (std::size_t i = 0; i < size_; ++i) change(entries_[i]);
    restore();
  }

 private:
  static constexpr T kLast{};

  void restore() {
    if (size_ < 2) return;
    for (std::size_t i = (size_ - 2) / 4 + 1; i-- > 0;) sift_down(i, entries_[i]);
  }

  void close_hole() {
    hole_ = false;
    const T last = entries_[--size_];
    entries_[size_] = kLast;
    if (size_ > 0) sift_down(0, last);
    if (size_ * 8 + 64 < entries_.size()) shrink();
  }

  void sift_up(std::size_t hole, const T& entry) {
    const Wide rank = entry.rank();
    while (hole > 0) {
      const std::size_t parent = (hole - 1) / 4;
      if (entries_[parent].rank() <= rank) break;
      entries_[hole] = entries_[parent];
      hole = parent;
    }
    entries_[hole] = entry;
  }

  // What lies behind the end compares as last, so a group of four needs no test of its bounds. The
  // least of four is chosen without branches: they would be guessed wrong half the time.
  void sift_down(std::size_t hole, const T entry) {
    T* const e = entries_.data();
    const Wide rank = entry.rank();
    for (std::size_t child = hole * 4 + 1; child < size_; child = hole * 4 + 1) {
      const std::size_t a = child + (e[child + 1].rank() < e[child].rank());
      const std::size_t b = child + 2 + (e[child + 3].rank() < e[child + 2].rank());
      const std::size_t least = a ^ ((a ^ b) & (0 - std::size_t{e[b].rank() < e[a].rank()}));
      if (rank <= e[least].rank()) break;
      e[hole] = e[least];
      hole = least;
    }
    e[hole] = entry;
  }

  void shrink() {
    entries_.resize(size_ * 2 + 9);
    entries_.shrink_to_fit();
  }

  std::vector<T> entries_;
  std::size_t size_ = 0;  // with the hole
  bool hole_ = false;
};

// A heap in which items die in place. `alive(entry)` tells; garbage never outnumbers the living by
// more than a constant.
class PendingSet {
 public:
  bool empty() const { return heap_.empty(); }
  std::size_t capacity() const { return heap_.capacity(); }
  const Entry& top() { return heap_.top(); }
  void push(Entry entry) { heap_.push(entry); }
  void pop() { heap_.pop(); }
  void pop_dead() {
    heap_.pop();
    if (dead_ > 0) --dead_;
  }

  // One entry has died, somewhere.
  template <class Alive>
  void abandon(Alive alive) {
    if (++dead_ < 32 || dead_ * 2 < heap_.size()) return;
    heap_.erase_if([&](const Entry& entry) { return !alive(entry); });
    dead_ = 0;
  }

  // Afterwards the top is alive, or there is none.
  template <class Alive>
  void surface(Alive alive) {
    while (!heap_.empty() && !alive(heap_.top())) pop_dead();
  }

  template <class Predicate>
  void erase_if(Predicate gone) {
    heap_.erase_if(gone);
  }

  // Buries the dead and changes the others.
  template <class Alive, class Change>
  void change_all(Alive alive, Change change) {
    heap_.erase_if([&](const Entry& entry) { return !alive(entry); });
    dead_ = 0;
    heap_.change_all(change);
  }

 private:
  RankHeap<Entry> heap_;
  std::size_t dead_ = 0;
};

}  // namespace lbsim::kernel
