// Whatever the model waits for (timers, transfers, work) is an item in a slab. Its slot and the
// number of the model's call that made it are its identity: an entry elsewhere that names both is
// dead as soon as the item has ended or moved to another state.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "core/check.hpp"
#include "kernel/kernel.hpp"
#include "kernel/native_heap.hpp"

namespace lbsim::kernel {

// From kTimer on, the item has an event in the agenda.
enum State : std::uint8_t {
  kFree,
  kServed,   // a job of a processor sharing station, in the station's heap
  kSharing,  // a transfer that shares bandwidth, in the heap of its path
  kTimer,
  kJob,      // whose end is known
  kLatency,  // a transfer on its way
  kFlying,   // a transfer at its cap
  kJobDone,  // ended well, not yet told
  kTransferDone,
  kBroken,  // failed, not yet told
};

struct Item {
  std::uint64_t number = 0;  // of the model's call
  Token token;
  // Timer: bits of its date in ps. Latency: bytes. Sharing and served: the reading of the virtual
  // clock at which it is done. Job: work left at its start. Flying: seconds that it takes. Done and
  // broken: what remains.
  double amount = 0;
  std::int64_t end_ps = 0;  // job and flying: when it is over; a job may be told of later
  std::uint32_t place = 0;  // node or route
  // Job and served: the delay until the model hears of it, in Delays; flying: its place in its
  // path's list; free: the next free slot.
  std::uint32_t extra = 0;
  // A word of its own: a byte that is written and then read as part of a word stalls the processor.
  std::uint64_t state = kFree;
};
static_assert(sizeof(Item) == 48);

// The few different delays that jobs are told of with, by number; number 0 is none.
class Delays {
 public:
  std::uint32_t id_of(std::int64_t ps) {
    if (ps == 0) return 0;
    if (ps == ps_[last_]) return last_;
    for (last_ = 1; last_ < ps_.size(); ++last_) {
      if (ps_[last_] == ps) return last_;
    }
    LBSIM_CHECK(ps_.size() < kSlotLimit);
    ps_.push_back(ps);
    return last_;
  }
  std::int64_t ps(std::uint32_t id) const { return ps_[id]; }

 private:
  std::vector<std::int64_t> ps_ = {0};
  std::uint32_t last_ = 0;
};

class ItemTable {
 public:
  // Numbers whose low half is zero are left out: the low half is the handle's generation.
  std::uint64_t next_number() {
    ++number_;
    if (static_cast<std::uint32_t>(number_) == 0) ++number_;
    return number_;
  }

  std::uint32_t create(Token token, State state, std::uint32_t place, double amount) {
    if (free_ == kSlotLimit - 1) add();
    const std::uint32_t slot = free_;
    Item& item = items_[slot];
    free_ = item.extra;
    item.number = next_number();
    item.token = token;
    item.amount = amount;
    item.place = place;
    item.state = state;
    return slot;
  }

  void release(std::uint32_t slot) {
    items_[slot].state = kFree;
    items_[slot].extra = free_;
    free_ = slot;
  }

  Item& operator[](std::uint32_t slot) { return items_[slot]; }
  const Item& operator[](std::uint32_t slot) const { return items_[slot]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(items_.size()); }

  std::uint64_t order(std::uint32_t slot) const { return make_order(items_[slot].number, slot); }
  Handle handle(std::uint32_t slot) const {
    return {slot, static_cast<std::uint32_t>(items_[slot].number)};
  }

  bool is(std::uint64_t order, State first, State last) const {
    const Item& item = items_[slot_of(order)];
    return item.number == number_of(order) && item.state >= first && item.state <= last;
  }
  bool is(std::uint64_t order, State state) const { return is(order, state, state); }

  bool pending(Handle handle) const {
    if (!handle || handle.slot >= items_.size()) return false;
    const Item& item = items_[handle.slot];
    return item.state != kFree && static_cast<std::uint32_t>(item.number) == handle.generation;
  }

 private:
  void add() {
    LBSIM_CHECK(items_.size() < kSlotLimit - 1);
    free_ = size();
    items_.emplace_back().extra = kSlotLimit - 1;
  }

  std::vector<Item> items_;
  std::uint64_t number_ = 0;
  std::uint32_t free_ = kSlotLimit - 1;  // none
};

}  // namespace lbsim::kernel
