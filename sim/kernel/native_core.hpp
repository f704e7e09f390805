// What the parts of the native kernel share: the date, the items, and the sets of dates.
#pragma once

#include <bit>
#include <cstdint>

#include "core/time.hpp"
#include "kernel/native_agenda.hpp"
#include "kernel/native_heap.hpp"
#include "kernel/native_indexed_heap.hpp"
#include "kernel/native_items.hpp"

namespace lbsim::kernel {

// Rounded up to whole ps; what lies beyond the clock's range never comes.
inline std::int64_t ps_after(std::int64_t now_ps, double seconds) {
  const double ps = seconds * 1e12;
  if (!(ps < 0x1p63 - 1024 - static_cast<double>(now_ps))) return kNeverPs;
  const auto whole = static_cast<std::int64_t>(ps);
  return now_ps + whole + (static_cast<double>(whole) < ps);
}

// A clock that never rests would run out of digits for picoseconds; past this reading (a double has
// digits for 0.2 ps there) it is set back to zero, with all marks on it.
inline constexpr double kReadingLimit = 1024;

// A count of service given to each of those who share something: seconds at full speed. Its level,
// in [0, speed], is how much of full speed they get.
struct VirtualClock {
  std::int64_t at_ps = 0;
  double reading = 0;
  double level = 0;

  double read(std::int64_t now_ps) const {
    return reading + level * (static_cast<double>(now_ps - at_ps) * 1e-12);
  }
  void set_level(std::int64_t now_ps, double to) {
    reading = read(now_ps);
    at_ps = now_ps;
    level = to;
  }
  // The first whole ps at which `mark` is reached; later than the date of the last change of level,
  // so that rounding cannot hold the simulation at one date.
  std::int64_t date_of(double mark) const {
    if (!(level > 0)) return kNeverPs;
    const std::int64_t date = ps_after(at_ps, (mark - reading) / level);
    return date > at_ps ? date : at_ps + 1;
  }
};

// Marks are >= 0, and the bits of such doubles order as the doubles do.
inline Entry mark_entry(double mark, std::uint64_t order) {
  return {std::bit_cast<std::int64_t>(mark), order};
}
inline double mark_of(const Entry& entry) { return std::bit_cast<double>(entry.key); }

// One pending date for each thing that has a virtual clock. Setting one takes no number.
class Alarms {
 public:
  std::uint32_t add() {
    at_.push_back(kNowhere);
    return static_cast<std::uint32_t>(at_.size() - 1);
  }
  void set(std::uint32_t id, std::int64_t time_ps) {
    if (time_ps == kNeverPs) return clear(id);
    if (at_[id] == kNowhere) {
      heap_.insert(at_, id, time_ps);
    } else {
      heap_.update(at_, id, time_ps);
    }
  }
  void clear(std::uint32_t id) {
    if (at_[id] != kNowhere) heap_.remove(at_, id);
  }
  std::int64_t first_ps() const { return heap_.empty() ? kNeverPs : heap_.top().key; }
  std::uint32_t first() const { return heap_.top().id; }

 private:
  IndexedHeap<std::int64_t> heap_;
  Positions at_;
};

struct NativeCore {
  std::int64_t now_ps = 0;
  ItemTable items;
  Agenda agenda{items};
  Alarms alarms;  // of links and processor sharing stations

  // The model hears of an item at this date, if it is not never.
  void date(std::uint32_t slot, std::int64_t time_ps) {
    items[slot].time_ps = time_ps;
    if (time_ps != kNeverPs) agenda.push(now_ps, slot);
  }
  void undate(std::uint32_t slot) {
    if (items[slot].held != Held::nowhere) agenda.erase(slot);
  }

  // Sets marks back by `reading`, to which the clock is set back. `marks` holds items in `state`.
  void rewind(PendingSet& marks, State state, double reading) {
    marks.change_all([&](const Entry& entry) { return items.is(entry.order, state); },
                     [&](Entry& entry) {
                       double& mark = items[slot_of(entry.order)].amount;
                       mark = mark > reading ? mark - reading : 0;
                       entry = mark_entry(mark, entry.order);
                     });
  }

  // The item has left all else it was in; the model hears of it in the order of its call.
  void tell(std::uint32_t slot, State how) {
    undate(slot);
    items[slot].state = how;
    date(slot, now_ps);
  }
};

}  // namespace lbsim::kernel
