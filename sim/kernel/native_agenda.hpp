// The agenda: whatever has a date. What comes soon is in a wheel of buckets, each a sorted list of
// the items of one stretch of time; the stretch follows the rate of events, so that few lists hold
// more than one, and both push and pop take a few nanoseconds whatever is pending. Items past the
// wheel's reach, or too many for one bucket, go to a heap. R. Brown, "Calendar queues: a fast O(1)
// priority queue implementation for the simulation event set problem", CACM 31 (1988).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernel/native_items.hpp"

namespace lbsim::kernel {

// In the heap. `stamp` is the item's `next` as long as the entry stands for it: an item that was
// taken away may come again at the same date.
struct FarEntry : Entry {
  std::uint32_t stamp = 0;
};

class Agenda {
 public:
  explicit Agenda(ItemTable& items) : items_(items) { heads_.fill(kNoSlot); }
  Agenda(const Agenda&) = delete;
  Agenda& operator=(const Agenda&) = delete;

  std::size_t size() const { return near_ + far_.size() - dead_; }
  std::size_t capacity() const { return far_.capacity(); }

  // May push() put it in the wheel? All items in it lie in one turn from now on, so that a bucket
  // holds those of one stretch only.
  bool reaches(std::int64_t now_ps, std::int64_t time_ps) const {
    return bucket(time_ps) - bucket(now_ps) < static_cast<std::int64_t>(kBuckets);
  }

  // The item has its date, time_ps >= now_ps.
  void push(std::int64_t now_ps, std::uint32_t slot) {
    Item& item = items_[slot];
    if (!reaches(now_ps, item.time_ps) || !link(item, slot)) push_far(item, slot);
  }

  // The slot of the item that comes first, if there is one.
  std::uint32_t first() {
    const std::uint32_t near = first_near();
    const std::int64_t near_ps = near == kNoSlot ? kNeverPs : items_[near].time_ps;
    return near_ps < far_ps_ ? near : first_of(near);
  }

  // Takes first() away, whose slot this is.
  void pop(std::uint32_t slot) {
    Item& item = items_[slot];
    if (item.held == Held::in_heap) return pop_far(item);
    unlink_head(item, place(first_));
    if (++pops_ == kSample) retune(item.time_ps);
  }

  // Takes any item away.
  void erase(std::uint32_t slot) {
    Item& item = items_[slot];
    if (item.held == Held::in_heap) return bury(item);
    if (item.previous == kNoSlot) return unlink_head(item, place(bucket(item.time_ps)));
    items_[item.previous].next = item.next;
    if (item.next != kNoSlot) items_[item.next].previous = item.previous;
    item.held = Held::nowhere;
    --near_;
  }

 private:
  static constexpr std::size_t kBuckets = 65536;
  static constexpr int kCrowd = 64;               // most that a push passes on its way down a list
  static constexpr std::uint32_t kSample = 8192;  // pops between looks at the rate of events

  std::int64_t bucket(std::int64_t time_ps) const { return time_ps >> shift_; }
  static std::size_t place(std::int64_t bucket) {
    return static_cast<std::size_t>(bucket) & (kBuckets - 1);
  }

  // False: too many are in its bucket before it.
  bool link(Item& item, std::uint32_t slot) {
    const std::int64_t to = bucket(item.time_ps);
    const std::size_t at = place(to);
    const std::uint32_t head = heads_[at];
    if (head == kNoSlot) {
      occupied_[at / 64] |= std::uint64_t{1} << (at % 64);
      item.previous = item.next = kNoSlot;
      heads_[at] = slot;
    } else if (!link_among(item, slot, at)) {
      return false;
    }
    item.held = Held::in_wheel;
    if (near_++ == 0 || to < first_) first_ = to;
    return true;
  }

  bool link_among(Item& item, std::uint32_t slot, std::size_t at) {
    std::uint32_t previous = kNoSlot;
    std::uint32_t next = heads_[at];
    for (int passed = 0; next != kNoSlot && items_[next].comes_before(item); ++passed) {
      if (passed == kCrowd) return false;
      previous = next;
      next = items_[next].next;
    }
    item.previous = previous;
    item.next = next;
    (previous == kNoSlot ? heads_[at] : items_[previous].next) = slot;
    if (next != kNoSlot) items_[next].previous = slot;
    return true;
  }

  void unlink_head(Item& item, std::size_t at) {
    heads_[at] = item.next;
    if (item.next != kNoSlot) {
      items_[item.next].previous = kNoSlot;
    } else {
      occupied_[at / 64] &= ~(std::uint64_t{1} << (at % 64));
    }
    item.held = Held::nowhere;
    --near_;
  }

  std::uint32_t first_near() {
    if (near_ == 0) return kNoSlot;
    const std::uint32_t head = heads_[place(first_)];
    return head != kNoSlot ? head : turn();
  }

  // On to the next bucket that has items.
  std::uint32_t turn() {
    const std::size_t from = place(first_);
    std::size_t word = from / 64;
    std::uint64_t bits = occupied_[word] & (~std::uint64_t{0} << (from % 64));
    while (bits == 0) {
      word = (word + 1) % occupied_.size();
      bits = occupied_[word];
    }
    const std::size_t at = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
    first_ += static_cast<std::int64_t>((at - from) & (kBuckets - 1));
    return heads_[at];
  }

  bool is_alive(const FarEntry& entry) const {
    const Item& item = items_[slot_of(entry.order)];
    return item.number == number_of(entry.order) && item.held == Held::in_heap &&
           item.next == entry.stamp;
  }
  void push_far(Item& item, std::uint32_t slot) {
    item.held = Held::in_heap;
    item.next = ++stamp_;
    far_.push({{item.time_ps, make_order(item.number, slot)}, stamp_});
    far_ps_ = std::min(far_ps_, item.time_ps);
  }
  void pop_far(Item& item) {
    item.held = Held::nowhere;
    far_.pop();
    far_ps_ = far_.top().key;
  }

  // The heap may come first.
  std::uint32_t first_of(std::uint32_t near) {
    while (!far_.empty() && !is_alive(far_.top())) {
      far_.pop();
      --dead_;
    }
    far_ps_ = far_.top().key;
    if (far_.empty()) return near;
    const std::uint32_t far = slot_of(far_.top().order);
    return near != kNoSlot && items_[near].comes_before(items_[far]) ? near : far;
  }

  // Its entry in the heap stays until it is due or until the dead are the larger part.
  void bury(Item& item) {
    item.held = Held::nowhere;
    if (++dead_ < 32 || dead_ * 2 < far_.size()) return;
    far_.erase_if([this](const FarEntry& entry) { return !is_alive(entry); });
    far_ps_ = far_.top().key;
    dead_ = 0;
  }

  // A bucket is an eighth of the time between two events to all of it, as far as the last ones
  // tell: where most lists hold one item or none, branches are guessed right.
  void retune(std::int64_t time_ps) {
    const std::int64_t per_event = (time_ps - sampled_ps_) / kSample;
    sampled_ps_ = time_ps;
    pops_ = 0;
    const int wanted = std::bit_width(static_cast<std::uint64_t>(per_event / 4));
    if (wanted >= shift_ - 1 && wanted <= shift_ + 1) return;
    const std::vector<std::uint32_t> slots = take_all();
    shift_ = wanted;
    for (const std::uint32_t slot : slots) push(time_ps, slot);
  }

  std::vector<std::uint32_t> take_all() {
    std::vector<std::uint32_t> slots;
    slots.reserve(near_);
    for (std::size_t word = 0; word < occupied_.size(); ++word) {
      for (std::uint64_t bits = occupied_[word]; bits != 0; bits &= bits - 1) {
        std::uint32_t& head = heads_[word * 64 + static_cast<std::size_t>(std::countr_zero(bits))];
        for (; head != kNoSlot; head = items_[head].next) slots.push_back(head);
      }
      occupied_[word] = 0;
    }
    near_ = 0;
    return slots;
  }

  ItemTable& items_;
  int shift_ = 22;          // a bucket is 2^shift_ ps
  std::int64_t first_ = 0;  // no item of the wheel is in an earlier bucket
  std::size_t near_ = 0;    // items in the wheel
  std::uint32_t pops_ = 0;
  std::int64_t far_ps_ = kNeverPs;  // the first date of the heap, of the dead too
  std::size_t dead_ = 0;            // in the heap
  std::int64_t sampled_ps_ = 0;
  std::uint32_t stamp_ = 0;
  RankHeap<FarEntry> far_;
  std::array<std::uint64_t, kBuckets / 64> occupied_{};
  std::array<std::uint32_t, kBuckets> heads_;
};

}  // namespace lbsim::kernel
