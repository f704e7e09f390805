#include "algorithms/ipvs/connection_table.hpp"

#include <algorithm>
#include <bit>

#include "core/check.hpp"

namespace lbsim::algorithms::ipvs {

ConnectionTable::ConnectionTable(Tick now, bool eager) : now_(now), eager_(eager) {
  chunks_.push_back(std::make_unique_for_overwrite<Entry[]>(kChunkSize));
  for (std::uint32_t head = 0; head < kFirstSlot; ++head) at(head).next = at(head).previous = head;
}

std::uint32_t ConnectionTable::new_slot() {
  if (free_ != 0) {
    const std::uint32_t slot = free_;
    free_ = at(slot).next;
    return slot;
  }
  LBSIM_CHECK(used_ < kMostSlots);
  if ((used_ & (kChunkSize - 1)) == 0) {
    chunks_.push_back(std::make_unique_for_overwrite<Entry[]>(kChunkSize));
  }
  at(used_).generation = 0;
  return used_++;
}

Connection ConnectionTable::open(ServerId server, State state) {
  LBSIM_CHECK(server < kMostServers);
  const std::uint32_t slot = new_slot();
  Entry& entry = at(slot);
  entry.server = server & 0xFFFF;
  entry.state = static_cast<unsigned>(state) & 15;
  ++entry.generation;
  ++open_;
  return handle(slot);
}

void ConnectionTable::close(std::uint32_t slot) {
  Entry& entry = at(slot);
  entry.state = kFree;
  entry.next = free_ & (kMostSlots - 1);
  free_ = slot;
  --open_;
}

void ConnectionTable::set_timer(Entry& entry, std::uint32_t ticks) {
  entry.expires = now_ + ticks;
  entry.level = static_cast<unsigned>(wheel_level(ticks)) & 15;
}

void ConnectionTable::link(std::uint32_t slot) {
  Entry& entry = at(slot);
  const Tick fires = due(entry);
  const int level = static_cast<int>(entry.level);
  const std::uint32_t head = head_of(fires, level);
  entry.previous = head & (kMostSlots - 1);
  entry.next = at(head).next;
  at(static_cast<std::uint32_t>(entry.next)).previous = slot & (kMostSlots - 1);
  at(head).next = slot & (kMostSlots - 1);
  occupied_[level] |= std::uint64_t{1} << (head & 63);
  next_fire_ = std::min(next_fire_, fires);
}

void ConnectionTable::unlink(Entry& entry) {
  at(static_cast<std::uint32_t>(entry.previous)).next = entry.next;
  at(static_cast<std::uint32_t>(entry.next)).previous = entry.previous;
}

void ConnectionTable::arm(std::uint32_t slot, std::uint32_t ticks) {
  set_timer(at(slot), ticks);
  link(slot);
}

void ConnectionTable::rearm(std::uint32_t slot, std::uint32_t ticks) {
  Entry& entry = at(slot);
  const Tick old_due = due(entry);
  const auto old_level = entry.level;
  set_timer(entry, ticks);
  const Tick new_due = due(entry);
  // The entry is in the list of old_due or, unless eager, of an earlier tick.
  const bool stays = eager_ ? new_due == old_due && entry.level == old_level : new_due >= old_due;
  if (stays) return;
  unlink(entry);
  link(slot);
}

std::uint32_t ConnectionTable::left_s(std::uint32_t slot) const {
  const Tick expires = static_cast<Tick>(at(slot).expires);
  return expires > now_ ? (expires - now_) / kTicksPerSecond : 0;
}

// A list that was emptied by unlink still counts as occupied; its turn finds nothing.
Tick ConnectionTable::earliest() const {
  Tick first = kNoFire;
  for (int level = 0; level < kWheelLevels; ++level) {
    if (occupied_[level] == 0) continue;
    const Tick next = (now_ >> (3 * level)) + 1;
    const int wait = std::countr_zero(std::rotr(occupied_[level], static_cast<int>(next & 63)));
    first = std::min(first, (next + static_cast<Tick>(wait)) << (3 * level));
  }
  return first;
}

}  // namespace lbsim::algorithms::ipvs
