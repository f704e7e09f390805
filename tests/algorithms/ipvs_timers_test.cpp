#include <gtest/gtest.h>

#include <map>

#include "algorithms/ipvs/connection_table.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

double latest_s(std::uint32_t seconds) {
  Tick latest = 0;
  for (Tick now = 1'000'000; now < 1'010'000; ++now) {
    const std::uint32_t ticks = seconds * kTicksPerSecond;
    latest = std::max(latest, fire_tick_after(now, ticks) - now - ticks);
  }
  return static_cast<double>(latest) / kTicksPerSecond;
}

// 10 s = 2500 ticks < 63 * 64: slots of 64 ticks, 0.256 s. 60 s and 120 s: 512 ticks, 2.048 s. 900
// s: 4096 ticks, 16.384 s.
TEST(IpvsTimers, FireAtMostOneSlotOfTheirLevelLate) {
  EXPECT_DOUBLE_EQ(latest_s(10), 0.256);
  EXPECT_DOUBLE_EQ(latest_s(60), 2.048);
  EXPECT_DOUBLE_EQ(latest_s(120), 2.048);
  EXPECT_DOUBLE_EQ(latest_s(900), 16.384);
}

TEST(IpvsTimers, FireAfterTheirExpiryNeverAtIt) {
  Random random(1);
  for (int i = 0; i < 100000; ++i) {
    const auto now = static_cast<Tick>(random.below(100'000'000));
    const auto ticks = static_cast<Tick>(random.below(20'000'000));
    EXPECT_GT(fire_tick_after(now, ticks), now + ticks);
  }
}

// 62 ticks are below 63: level 0, one tick late. 63 ticks: level 1, slots of 8.
TEST(IpvsTimers, ChangeLevelAtSixtyThreeSlots) {
  EXPECT_EQ(fire_tick_after(0, 62), 63u);
  EXPECT_EQ(fire_tick_after(0, 63), 64u);
  EXPECT_EQ(fire_tick_after(1, 63), 72u);
}

// A tick is 4 ms; the counter at time zero stands half way through one.
TEST(IpvsTimers, TicksCountFromTheFractionAtTimeZero) {
  const TickClock clock(4298184401.5);
  const Tick start = clock.tick(kTimeZero);
  EXPECT_EQ(start % 4096, 4298184401u % 4096);
  EXPECT_EQ(clock.tick(kTimeZero + microseconds(1999)), start);
  EXPECT_EQ(clock.tick(kTimeZero + microseconds(2000)), start + 1);
  EXPECT_EQ(clock.time(start + 1), kTimeZero + microseconds(2000));
}

// The table against the definition: a list of (expiry, level) that is searched in full.
class TableAgainstDefinition : public ::testing::TestWithParam<bool> {};

TEST_P(TableAgainstDefinition, FiresTheSameEntriesInTheOrderOfTheirTicks) {
  struct Timer {
    Tick fires;
  };
  Random random(7);
  Tick now = 123456;
  ConnectionTable table(now, GetParam());
  std::map<std::uint32_t, Timer> timers;
  const auto some_ticks = [&] {
    static constexpr Tick kReach[] = {2, 80, 700, 5000, 40000, 300000, 2000000};
    const Tick reach = kReach[random.below(7)];
    return static_cast<Tick>(random.below(reach));
  };
  for (int step = 0; step < 20000; ++step) {
    if (timers.size() < 300 && random.below(2) == 0) {
      const std::uint32_t slot = table.open(0, State::udp).slot;
      const Tick ticks = some_ticks();
      table.arm(slot, ticks);
      timers[slot] = {fire_tick_after(now, ticks)};
    }
    if (!timers.empty()) {
      auto timer = timers.begin();
      std::advance(timer, random.below(timers.size()));
      const Tick ticks = some_ticks();
      table.rearm(timer->first, ticks);
      timer->second = {fire_tick_after(now, ticks)};
    }
    now += static_cast<Tick>(random.below(random.below(50) == 0 ? 100000 : 100));
    Tick last = 0;
    table.advance(now, [&](std::uint32_t slot) {
      ASSERT_TRUE(timers.contains(slot));
      EXPECT_EQ(timers[slot].fires, table.now());
      EXPECT_GE(table.now(), last);
      last = table.now();
      timers.erase(slot);
      table.close(slot);
    });
    for (const auto& [slot, timer] : timers) ASSERT_GT(timer.fires, now);
  }
  EXPECT_EQ(table.open_entries(), timers.size());
}

INSTANTIATE_TEST_SUITE_P(LazyAndEager, TableAgainstDefinition, ::testing::Bool());

// 1000 connections a second that live at most 12 s are at most 12,000 at a time, however long it
// goes on: 16 bytes each, in blocks of 16,384.
TEST(IpvsConnectionTable, UsesTheRoomOfEndedEntriesAgain) {
  Tick now = 0;
  ConnectionTable table(now, false);
  for (int i = 0; i < 1'000'000; ++i) {
    if (i % 4 == 0) ++now;
    table.advance(now, [&](std::uint32_t slot) { table.close(slot); });
    table.arm(table.open(0, State::close).slot, 10 * kTicksPerSecond);
  }
  EXPECT_LE(table.open_entries(), 12'000u);
  EXPECT_EQ(table.bytes(), 16384u * 16);
}

TEST(IpvsConnectionTable, AHandleOfAnEndedEntryFindsNothingThoughItsRoomIsUsedAgain) {
  ConnectionTable table(0, false);
  const Connection first = table.open(0, State::udp);
  table.arm(first.slot, 10);
  EXPECT_NE(table.find(first), nullptr);
  table.advance(20, [&](std::uint32_t slot) { table.close(slot); });
  EXPECT_EQ(table.find(first), nullptr);
  const Connection second = table.open(0, State::udp);
  EXPECT_EQ(second.slot, first.slot);
  EXPECT_EQ(table.find(first), nullptr);
  EXPECT_NE(table.find(second), nullptr);
}

}  // namespace
}  // namespace lbsim::algorithms::ipvs
