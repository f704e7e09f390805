// Whatever the model waits for (events, timers, transfers, work) is an item in a slab, and the
// agenda links the items themselves. Its slot and the number of the model's call that made it are
// its identity: an entry elsewhere that names both is dead as soon as the item has ended.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "core/check.hpp"
#include "kernel/kernel.hpp"
#include "kernel/native_heap.hpp"

namespace lbsim::kernel {

inline constexpr std::int64_t kNeverPs = std::numeric_limits<std::int64_t>::max();

// From kEvent on, the item is in the agenda, unless its date is never.
enum class State : std::uint8_t {
  free,
  served,   // a job of a processor sharing station, in the station's heap
  sharing,  // a transfer that shares bandwidth, in the heap of its path
  event,    // of a lane
  timer,
  job,       // whose end is known
  latency,   // a transfer on its way
  flying,    // a transfer at its cap
  job_done,  // ended well, not yet told
  transfer_done,
  broken,  // failed, not yet told
};

// Where the agenda holds it.
enum class Held : std::uint8_t { nowhere, in_wheel, in_heap };

struct alignas(64) Item {
  std::int64_t time_ps = 0;  // from State::event on: when the model hears of it
  std::uint64_t number = 0;  // of the model's call
  Token token;
  // Latency: bytes. Sharing and served: the reading of the virtual clock at which it is done. Job:
  // work left at its start. Flying: seconds that it takes. Done and broken: what remains.
  double amount = 0;
  std::int64_t then_ps = 0;  // job and served: the model hears of it so much later
  std::uint32_t place = 0;   // node or route
  std::uint32_t extra = 0;   // flying: its place in its path's list
  std::uint32_t next = 0;    // in its bucket; in the heap: its stamp; free: the next free slot
  std::uint32_t previous = 0;
  State state = State::free;
  Held held = Held::nowhere;

  // When a job's work is over.
  std::int64_t end_ps() const { return time_ps == kNeverPs ? kNeverPs : time_ps - then_ps; }
  bool comes_before(const Item& other) const {
    return time_ps != other.time_ps ? time_ps < other.time_ps : number < other.number;
  }
};
static_assert(sizeof(Item) == 64);

class ItemTable {
 public:
  std::uint32_t create(Token token, State state, std::uint32_t place, double amount) {
    if (free_ == kNoSlot) add();
    const std::uint32_t slot = free_;
    Item& item = items_[slot];
    free_ = item.next;
    item.number = next_number();
    item.token = token;
    item.amount = amount;
    item.place = place;
    item.state = state;
    return slot;
  }

  // It is in the agenda no more.
  void release(std::uint32_t slot) {
    items_[slot].state = State::free;
    items_[slot].next = free_;
    free_ = slot;
  }

  Item& operator[](std::uint32_t slot) { return items_[slot]; }
  const Item& operator[](std::uint32_t slot) const { return items_[slot]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(items_.size()); }

  std::uint64_t order(std::uint32_t slot) const { return make_order(items_[slot].number, slot); }
  Handle handle(std::uint32_t slot) const {
    return {slot, static_cast<std::uint32_t>(items_[slot].number)};
  }

  bool is(std::uint64_t order, State state) const {
    const Item& item = items_[slot_of(order)];
    return item.number == number_of(order) && item.state == state;
  }

  bool pending(Handle handle) const {
    if (!handle || handle.slot >= items_.size()) return false;
    const Item& item = items_[handle.slot];
    return item.state != State::free &&
           static_cast<std::uint32_t>(item.number) == handle.generation;
  }

 private:
  // Numbers whose low half is zero are left out: the low half is the handle's generation.
  std::uint64_t next_number() {
    ++number_;
    if (static_cast<std::uint32_t>(number_) == 0) ++number_;
    return number_;
  }

  void add() {
    LBSIM_CHECK(items_.size() < kNoSlot);
    free_ = size();
    items_.emplace_back().next = kNoSlot;
  }

  std::vector<Item> items_;
  std::uint64_t number_ = 0;
  std::uint32_t free_ = kNoSlot;
};

}  // namespace lbsim::kernel
