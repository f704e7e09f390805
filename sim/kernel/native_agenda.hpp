// The agenda: whatever has a date soon. A wheel of buckets, each a sorted list of the events of one
// stretch of time; the stretch follows the rate of events, so that a list holds about one, and both
// push and pop take a few nanoseconds whatever is pending. Events past the wheel's reach, or too
// many for one bucket, go to a heap. R. Brown, "Calendar queues: a fast O(1) priority queue
// implementation for the simulation event set problem", CACM 31 (1988).
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
  std::size_t capacity() const { return cells_.size() + far_.capacity(); }

  // May push() put it in the wheel? All events in it lie in one turn from now on, so that a bucket
  // holds those of one stretch only.
  bool reaches(std::int64_t now_ps, std::int64_t time_ps) const {
    return bucket(time_ps) - bucket(now_ps) < static_cast<std::int64_t>(kBuckets);
  }

  void push(std::int64_t now_ps, const Event& event) {
    if (!reaches(now_ps, event.time_ps) || !link(event)) push_far(event);
  }

  // Of an empty agenda: the default event, which comes after every other.
  const Event& top() {
    const Event& near = first_near();
    if (near.time_ps < far_ps_) return near;
    const Event& far = far_.top();
    return near.rank() < far.rank() ? near : far;
  }

  // Takes top() away.
  void pop() {
    const Event& near = first_near();
    if (near.time_ps >= far_ps_ && !(near.rank() < far_.top().rank())) return pop_far();
    const std::int64_t time_ps = near.time_ps;
    unlink_first();
    if (--near_ == 0) shrink();
    if (++pops_ == kSample) retune(time_ps);
  }

  template <class Predicate>
  void erase_if(Predicate gone) {
    far_.erase_if(gone);
    far_ps_ = far_.top().time_ps;
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
  static constexpr std::size_t kBuckets = 16384;
  static constexpr int kCrowd = 64;               // most that a push passes on its way down a list
  static constexpr std::uint32_t kSample = 8192;  // pops between looks at the rate of events
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr Event kLast{};

  struct Cell {
    Event event;
    std::uint32_t next;
  };

  std::int64_t bucket(std::int64_t time_ps) const { return time_ps >> shift_; }
  static std::size_t place(std::int64_t bucket) {
    return static_cast<std::size_t>(bucket) & (kBuckets - 1);
  }

  // False: too many are in its bucket before it.
  bool link(const Event& event) {
    const std::int64_t to = bucket(event.time_ps);
    const std::size_t at = place(to);
    std::uint32_t* after = &heads_[at];
    if (*after == kNone) {
      occupied_[at / 64] |= std::uint64_t{1} << (at % 64);
    } else {
      int passed = 0;
      while (*after != kNone && cells_[*after].event.rank() < event.rank()) {
        if (++passed > kCrowd) return false;
        after = &cells_[*after].next;
      }
    }
    const std::uint32_t next = *after;
    if (free_ == kNone) {
      const std::ptrdiff_t of = after == &heads_[at] ? -1 : cell_of(after);
      cells_.push_back({event, next});  // moves the cells
      (of < 0 ? heads_[at] : cells_[static_cast<std::size_t>(of)].next) =
          static_cast<std::uint32_t>(cells_.size() - 1);
    } else {
      *after = free_;
      Cell& cell = cells_[free_];
      free_ = cell.next;
      cell = {event, next};
    }
    first_ = near_ == 0 ? to : std::min(first_, to);
    ++near_;
    return true;
  }
  std::ptrdiff_t cell_of(const std::uint32_t* next) const {
    return (reinterpret_cast<const char*>(next) - reinterpret_cast<const char*>(cells_.data())) /
           static_cast<std::ptrdiff_t>(sizeof(Cell));
  }

  const Event& first_near() {
    if (near_ == 0) return kLast;
    if (heads_[place(first_)] == kNone) turn();
    return cells_[heads_[place(first_)]].event;
  }

  void unlink_first() {
    const std::size_t at = place(first_);
    Cell& cell = cells_[heads_[at]];
    const std::uint32_t next = cell.next;
    cell.next = free_;
    free_ = heads_[at];
    heads_[at] = next;
    if (next == kNone) occupied_[at / 64] &= ~(std::uint64_t{1} << (at % 64));
  }

  // On to the next bucket that has events.
  void turn() {
    const std::size_t from = place(first_);
    std::size_t word = from / 64;
    std::uint64_t bits = occupied_[word] & (~std::uint64_t{0} << (from % 64));
    while (bits == 0) {
      word = (word + 1) % occupied_.size();
      bits = occupied_[word];
    }
    const std::size_t at = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
    first_ += static_cast<std::int64_t>((at - from) & (kBuckets - 1));
  }

  void push_far(const Event& event) {
    far_.push(event);
    far_ps_ = std::min(far_ps_, event.time_ps);
  }
  void pop_far() {
    far_.pop();
    far_ps_ = far_.top().time_ps;
  }

  // One event a bucket, as far as the last ones tell.
  void retune(std::int64_t time_ps) {
    const std::int64_t per_event = (time_ps - sampled_ps_) / kSample;
    sampled_ps_ = time_ps;
    pops_ = 0;
    const int wanted =
        std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(per_event, 1)));
    if (wanted >= shift_ - 1 && wanted <= shift_ + 1) return;
    const std::vector<Event> events = take_all();
    shift_ = wanted;
    for (const Event& event : events) push(time_ps, event);
  }

  std::vector<Event> take_all() {
    std::vector<Event> events;
    events.reserve(near_);
    for (std::size_t word = 0; word < occupied_.size(); ++word) {
      for (std::uint64_t bits = occupied_[word]; bits != 0; bits &= bits - 1) {
        std::uint32_t& head = heads_[word * 64 + static_cast<std::size_t>(std::countr_zero(bits))];
        for (; head != kNone; head = cells_[head].next) events.push_back(cells_[head].event);
      }
      occupied_[word] = 0;
    }
    near_ = 0;
    cells_.clear();
    free_ = kNone;
    return events;
  }

  void put_back(const std::vector<Event>& events) {
    for (const Event& event : events) {
      if (!link(event)) push_far(event);
    }
  }

  // The wheel is empty: what a burst needed is given back.
  void shrink() {
    if (cells_.size() <= 1024) return;
    cells_.clear();
    cells_.shrink_to_fit();
    free_ = kNone;
  }

  int shift_ = 22;              // a bucket is 2^shift_ ps
  std::int64_t first_ = 0;      // no event of the wheel is in an earlier bucket
  std::size_t near_ = 0;        // events in the wheel
  std::uint32_t free_ = kNone;  // first free cell
  std::uint32_t pops_ = 0;
  std::int64_t far_ps_ = kLast.time_ps;  // the heap's first date
  std::vector<Cell> cells_;
  std::size_t dead_ = 0;
  std::int64_t sampled_ps_ = 0;
  RankHeap<Event> far_;
  std::array<std::uint64_t, kBuckets / 64> occupied_{};
  std::array<std::uint32_t, kBuckets> heads_;
};

}  // namespace lbsim::kernel
