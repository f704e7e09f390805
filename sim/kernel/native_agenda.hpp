// The agenda: whatever has a date soon. A wheel of buckets, each a list of the events of one
// stretch of time, of which only the current one is sorted; the stretch follows the rate of events,
// so that a bucket holds about two, and both push and pop take a few nanoseconds whatever is
// pending. Events past the wheel's reach, or too many for one bucket, go to a heap. R. Brown,
// "Calendar queues: a fast O(1) priority queue implementation for the simulation event set
// problem", CACM 31 (1988).
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernel/kernel.hpp"
#include "kernel/native_heap.hpp"

namespace lbsim::kernel {

struct Event {
  std::int64_t time_ps = std::numeric_limits<std::int64_t>::max();
  std::uint64_t order = std::numeric_limits<std::uint64_t>::max();
  Token token;  // of a lane's event; an item has its own

  Wide rank() const { return static_cast<Wide>(static_cast<std::uint64_t>(time_ps)) << 64 | order; }
};

class Agenda {
 public:
  Agenda() { heads_.fill(kNone); }

  std::size_t size() const { return near_ + far_.size(); }
  std::size_t capacity() const { return cells_.size() + far_.capacity() + current_.capacity(); }

  // Would push() put it in the wheel?
  bool reaches(std::int64_t now_ps, std::int64_t time_ps) {
    if (near_ == 0) cursor_ = bucket(now_ps);
    return bucket(time_ps) - cursor_ < static_cast<std::int64_t>(kBuckets);
  }

  void push(std::int64_t now_ps, const Event& event) {
    if (!reaches(now_ps, event.time_ps)) return far_.push(event);
    const std::int64_t to = bucket(event.time_ps);
    if (to > cursor_) {
      link(static_cast<std::size_t>(to) & (kBuckets - 1), event);
    } else if (current_.size() < kCrowd) {
      insert(event);
    } else {
      return far_.push(event);
    }
    ++near_;
  }

  // Of an empty agenda: the default event, which comes after every other.
  const Event& top() {
    if (current_.empty() && near_ > 0) turn();
    if (far_.empty()) return current_.empty() ? kLast : current_.back();
    if (current_.empty() || far_.top().rank() < current_.back().rank()) return far_.top();
    return current_.back();
  }

  // Takes top() away, which is of this date.
  void pop() {
    if (current_.empty() || (!far_.empty() && far_.top().rank() < current_.back().rank())) {
      return far_.pop();
    }
    const std::int64_t time_ps = current_.back().time_ps;
    current_.pop_back();
    if (--near_ == 0) shrink();
    if (++pops_ == kSample) retune(time_ps);
  }

  template <class Predicate>
  void erase_if(Predicate gone) {
    far_.erase_if(gone);
    std::vector<Event> kept = take_all();
    std::erase_if(kept, gone);
    put_back(kept);
  }

  // An event has died, somewhere: it stays until it is due or until the dead are the larger part.
  template <class Alive>
  void abandon(Alive alive) {
    if (++dead_ < 32 || dead_ * 2 < size()) return;
    erase_if([&](const Event& event) { return !alive(event); });
    dead_ = 0;
  }
  void pop_dead() {
    pop();
    if (dead_ > 0) --dead_;
  }

 private:
  static constexpr std::size_t kBuckets = 8192;
  static constexpr std::size_t kCrowd = 64;       // most that are inserted in the current bucket
  static constexpr std::uint32_t kSample = 8192;  // pops between looks at the rate of events
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr Event kLast{};

  struct Cell {
    Event event;
    std::uint32_t next;
  };

  std::int64_t bucket(std::int64_t time_ps) const { return time_ps >> shift_; }

  void link(std::size_t at, const Event& event) {
    std::uint32_t cell = free_;
    if (cell == kNone) {
      cell = static_cast<std::uint32_t>(cells_.size());
      cells_.emplace_back();
    } else {
      free_ = cells_[cell].next;
    }
    cells_[cell] = {event, heads_[at]};
    heads_[at] = cell;
    occupied_[at / 64] |= std::uint64_t{1} << (at % 64);
  }

  // Into the current bucket, which is sorted with the first at the back.
  void insert(const Event& event) {
    current_.push_back(event);
    sink(current_.size() - 1);
  }

  // The next bucket that has events becomes the current one.
  void turn() {
    const auto from = static_cast<std::size_t>(cursor_) & (kBuckets - 1);
    std::size_t word = from / 64;
    std::uint64_t bits = occupied_[word] & (~std::uint64_t{0} << (from % 64));
    while (bits == 0) {
      word = (word + 1) % occupied_.size();
      bits = occupied_[word];
    }
    const std::size_t at = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
    cursor_ += static_cast<std::int64_t>((at - from) & (kBuckets - 1));
    empty_into_current(at);
    prefetch_after(at);
    if (current_.size() > 16) {
      std::sort(current_.begin(), current_.end(), later);
    } else {
      for (std::size_t i = 1; i < current_.size(); ++i) sink(i);
    }
  }

  static bool later(const Event& a, const Event& b) { return b.rank() < a.rank(); }

  // Those before i are sorted.
  void sink(std::size_t i) {
    const Event event = current_[i];
    for (; i > 0 && later(event, current_[i - 1]); --i) current_[i] = current_[i - 1];
    current_[i] = event;
  }

  // The bucket that most likely comes next.
  void prefetch_after(std::size_t at) const {
    const std::uint32_t cell = heads_[(at + 1) & (kBuckets - 1)];
    if (cell != kNone) __builtin_prefetch(&cells_[cell]);
  }

  void empty_into_current(std::size_t at) {
    occupied_[at / 64] &= ~(std::uint64_t{1} << (at % 64));
    std::uint32_t cell = heads_[at];
    heads_[at] = kNone;
    while (cell != kNone) {
      const std::uint32_t next = cells_[cell].next;
      if (next != kNone) __builtin_prefetch(&cells_[next]);
      current_.push_back(cells_[cell].event);
      cells_[cell].next = free_;
      free_ = cell;
      cell = next;
    }
  }

  // Two events a bucket, as far as the last ones tell.
  void retune(std::int64_t time_ps) {
    const std::int64_t per_bucket = 2 * (time_ps - sampled_ps_) / kSample;
    sampled_ps_ = time_ps;
    pops_ = 0;
    const int wanted =
        std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(per_bucket, 1)));
    if (wanted >= shift_ - 1 && wanted <= shift_ + 1) return;
    const std::vector<Event> events = take_all();
    shift_ = wanted;
    cursor_ = bucket(time_ps);
    put_back(events);
  }

  std::vector<Event> take_all() {
    for (std::size_t word = 0; word < occupied_.size(); ++word) {
      while (occupied_[word] != 0) {
        empty_into_current(word * 64 + static_cast<std::size_t>(std::countr_zero(occupied_[word])));
      }
    }
    near_ = 0;
    std::vector<Event> events = std::move(current_);
    current_.clear();
    shrink();
    return events;
  }

  // The wheel is empty: what a burst needed is given back.
  void shrink() {
    if (cells_.size() <= 1024) return;
    cells_.clear();
    cells_.shrink_to_fit();
    free_ = kNone;
  }

  void put_back(const std::vector<Event>& events) {
    if (events.empty()) return;
    const std::int64_t from_ps = cursor_ << shift_;
    near_ = 1;  // keeps the cursor
    for (const Event& event : events) push(from_ps, event);
    --near_;
  }

  int shift_ = 23;           // a bucket is 2^shift_ ps
  std::int64_t cursor_ = 0;  // number of the current bucket
  std::size_t near_ = 0;     // events in the wheel
  std::size_t dead_ = 0;
  std::uint32_t pops_ = 0;
  std::int64_t sampled_ps_ = 0;
  std::vector<Event> current_;
  std::array<std::uint64_t, kBuckets / 64> occupied_{};
  std::array<std::uint32_t, kBuckets> heads_;
  std::vector<Cell> cells_;
  std::uint32_t free_ = kNone;  // first free cell
  RankHeap<Event> far_;
};

}  // namespace lbsim::kernel
