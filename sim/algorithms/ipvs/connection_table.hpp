// The entries of a director's connection table and the timer wheel that ends them.
//
// An entry is 16 bytes in every state, timer included: it is a link in the list of a slot of the
// wheel. Re-arming a timer for later is a store: the entry is looked at again when its old slot
// fires. Slots of ended entries are used again, so memory is O(open + rate x timeout), at its
// highest.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "algorithms/ipvs/states.hpp"
#include "algorithms/ipvs/ticks.hpp"
#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::ipvs {

// Refers to an entry, also after that has ended.
struct Connection {
  std::uint32_t slot = 0;  // 0: refers to nothing
  std::uint32_t generation = 0;
  explicit operator bool() const { return slot != 0; }
  bool operator==(const Connection&) const = default;
};

struct Entry {
  std::uint64_t next : 28;
  std::uint64_t previous : 28;
  std::uint64_t state : 4;
  std::uint64_t level : 4;  // of the wheel, at which the timer was armed last
  std::uint64_t expires : 32;
  std::uint64_t server : 16;
  std::uint64_t generation : 16;  // how often the slot has been used; wraps
};
static_assert(sizeof(Entry) == 16);

class ConnectionTable {
 public:
  static constexpr std::uint32_t kFirstSlot =
      kWheelLevels * 64;  // below: heads of the wheel's lists
  static constexpr std::uint32_t kMostServers = 1 << 16;

  // `eager`: a timer that is re-armed moves at once. Then timers of one tick fire as the kernel's
  // do: higher levels first, and in a slot the last armed first.
  ConnectionTable(Tick now, bool eager);

  // Opens an entry; the caller arms its timer.
  Connection open(ServerId server, State state);

  // Null if it has ended.
  Entry* find(Connection connection) {
    if (connection.slot < kFirstSlot || connection.slot >= used_) return nullptr;
    Entry& entry = at(connection.slot);
    return entry.generation == connection.generation && is_open(entry) ? &entry : nullptr;
  }
  // The entry will be needed soon, and was last used long ago.
  void prefetch(Connection connection) const {
    if (connection.slot < used_) __builtin_prefetch(&at(connection.slot));
  }
  Entry& at(std::uint32_t slot) { return chunks_[slot >> kChunkBits][slot & (kChunkSize - 1)]; }
  const Entry& at(std::uint32_t slot) const {
    return chunks_[slot >> kChunkBits][slot & (kChunkSize - 1)];
  }
  Connection handle(std::uint32_t slot) const {
    return {slot, static_cast<std::uint32_t>(at(slot).generation)};
  }

  // Arms the timer of an entry that has none: one just opened, or one whose timer is firing.
  void arm(std::uint32_t slot, std::uint32_t ticks);
  void rearm(std::uint32_t slot, std::uint32_t ticks);

  // Seconds until the timer should expire, 0 when it is late.
  std::uint32_t left_s(std::uint32_t slot) const;

  // Fires the timers up to and including tick `now`, in order. `expire(slot)` either arms the entry
  // again or closes it. An earlier time than the last counts as that.
  template <class Expire>
  void advance(Tick now, Expire&& expire) {
    while (next_fire_ <= now) {
      now_ = next_fire_;
      for (int level = kWheelLevels - 1; level >= 0; --level) {
        if ((now_ & ((1u << (3 * level)) - 1)) == 0) fire(level, expire);
      }
      next_fire_ = earliest();
    }
    if (now > now_) now_ = now;
  }

  // Ends an entry whose timer is firing.
  void close(std::uint32_t slot);

  Tick now() const { return now_; }
  std::uint32_t open_entries() const { return open_; }
  std::size_t bytes() const { return chunks_.size() * kChunkSize * sizeof(Entry); }

  // Calls f(slot) for all open entries, by slot.
  template <class F>
  void for_each(F&& f) const {
    for (std::uint32_t slot = kFirstSlot; slot < used_; ++slot) {
      if (is_open(at(slot))) f(slot);
    }
  }

 private:
  static constexpr int kChunkBits = 14;
  static constexpr std::uint32_t kChunkSize = 1u << kChunkBits;
  static constexpr std::uint32_t kMostSlots = 1u << 28;
  static constexpr unsigned kFree = 15;  // in the place of a state
  static constexpr Tick kNoFire = ~Tick{0};

  static bool is_open(const Entry& entry) { return entry.state != kFree; }
  static Tick due(const Entry& entry) {
    return fire_tick(static_cast<Tick>(entry.expires), static_cast<int>(entry.level));
  }
  static std::uint32_t head_of(Tick due, int level) {
    return static_cast<std::uint32_t>(level) * 64 + ((due >> (3 * level)) & 63);
  }

  std::uint32_t new_slot();
  void set_timer(Entry& entry, std::uint32_t ticks);
  void link(std::uint32_t slot);
  void unlink(Entry& entry);
  Tick earliest() const;

  // The slot of one level that begins at now_. Its list is taken off before its entries are looked
  // at, because an entry may have been re-armed for the slot's next turn.
  template <class Expire>
  void fire(int level, Expire&& expire) {
    const std::uint32_t head = head_of(now_, level);
    occupied_[level] &= ~(std::uint64_t{1} << (head & 63));
    std::uint32_t slot = at(head).next;
    at(head).next = at(head).previous = head;
    while (slot != head) {
      Entry& entry = at(slot);
      const std::uint32_t next = entry.next;
      if (next != head) __builtin_prefetch(&at(next));
      if (due(entry) > now_) {
        link(slot);
      } else {
        expire(slot);
      }
      slot = next;
    }
  }

  std::vector<std::unique_ptr<Entry[]>> chunks_;
  std::array<std::uint64_t, kWheelLevels>
      occupied_{};                   // by level: bits of lists that may have entries
  std::uint32_t used_ = kFirstSlot;  // slots ever used
  std::uint32_t free_ = 0;           // first of the free slots, linked by next
  std::uint32_t open_ = 0;
  Tick now_;
  Tick next_fire_ = kNoFire;
  bool eager_;
};

}  // namespace lbsim::algorithms::ipvs
