// The agenda gives events in the order of date and number, whatever its wheel and its heap do.
#include "kernel/native_agenda.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "core/random.hpp"

namespace lbsim::kernel {
namespace {

// An agenda beside a set that holds the same items. Dates follow each other as in the kernel:
// nothing is asked for the past, and what was taken away does not move time.
class Pair {
 public:
  explicit Pair(std::uint64_t seed) : random_(seed, "agenda") {}

  void push(std::int64_t after_ps) {
    if (after_ps >= kNeverPs - now_ps_) return;
    push_again(items_.create({}, State::timer, 0, 0), now_ps_ + after_ps);
  }

  // The first item, if there is one; false if the two do not agree.
  bool pop() {
    const std::uint32_t slot = agenda_.first();
    if (agenda_.size() != alive_.size()) return false;
    if (alive_.empty()) return slot == kNoSlot;
    if (slot == kNoSlot || rank(slot) != *alive_.begin()) return false;
    now_ps_ = items_[slot].time_ps;
    alive_.erase(alive_.begin());
    agenda_.pop(slot);
    items_.release(slot);
    return true;
  }

  // Cancels one of them.
  void kill_one() {
    if (alive_.empty()) return;
    const auto ahead = static_cast<std::int64_t>(random_.uniform() * 2 * scale_ps_);
    const auto at = lower_bound_of(std::min(now_ps_, kNeverPs - ahead) + ahead);
    const std::uint32_t slot = slot_of(static_cast<std::uint64_t>(*at));
    alive_.erase(at);
    agenda_.erase(slot);
    items_.release(slot);
  }

  // All of one class, some of which come again elsewhere, as when a station's speed changes.
  void reschedule(std::uint32_t of_eight) {
    std::vector<std::uint32_t> moved;
    for (const Wide rank : alive_) {
      const std::uint32_t slot = slot_of(static_cast<std::uint64_t>(rank));
      if (slot % 8 == of_eight) moved.push_back(slot);
    }
    for (const std::uint32_t slot : moved) {
      alive_.erase(rank(slot));
      agenda_.erase(slot);
      const std::int64_t left_ps = items_[slot].time_ps - now_ps_;
      if (random_.below(3) > 0) {
        push_again(slot, now_ps_ + left_ps / 2);
      } else {
        items_.release(slot);
      }
    }
  }

  // From bursts at one date to dates beyond any wheel.
  std::int64_t some_delay() {
    const std::uint64_t kind = random_.below(100);
    if (kind < 10) return 0;
    if (kind < 96) return static_cast<std::int64_t>(random_.exponential() * scale_ps_);
    if (kind < 98) return static_cast<std::int64_t>(random_.below(kDay) * 10);
    return kind == 98 || random_.below(100) > 0 ? static_cast<std::int64_t>(random_.bits() >> 12)
                                                : static_cast<std::int64_t>(random_.bits() >> 1);
  }
  void change_scale() {
    scale_ps_ = 1;
    for (std::uint64_t i = random_.below(14); i > 0; --i) scale_ps_ *= 10;
  }

  Random& random() { return random_; }
  std::size_t size() const { return alive_.size(); }
  std::int64_t now_ps() const { return now_ps_; }
  const Agenda& agenda() const { return agenda_; }

 private:
  static constexpr std::uint64_t kDay = 86'400'000'000'000'000ULL;

  void push_again(std::uint32_t slot, std::int64_t time_ps) {
    items_[slot].time_ps = time_ps;
    agenda_.push(now_ps_, slot);
    alive_.insert(rank(slot));
  }
  Wide rank(std::uint32_t slot) const {
    return Entry{items_[slot].time_ps, items_.order(slot)}.rank();
  }
  std::set<Wide>::iterator lower_bound_of(std::int64_t time_ps) {
    const auto at = alive_.lower_bound(static_cast<Wide>(time_ps) << 64);
    return at == alive_.end() ? std::prev(at) : at;
  }

  Random random_;
  ItemTable items_;
  Agenda agenda_{items_};
  std::set<Wide> alive_;  // ranks
  std::int64_t now_ps_ = 0;
  double scale_ps_ = 1e9;
};

class AgendaBesideASet : public ::testing::TestWithParam<int> {};

TEST_P(AgendaBesideASet, GivesTheSameEventsInTheSameOrder) {
  Pair pair(static_cast<std::uint64_t>(GetParam()));
  for (int phase = 0; phase < 40; ++phase) {
    pair.change_scale();
    const std::uint64_t pushes = 30 + pair.random().below(40);  // of 100 steps
    for (int step = 0; step < 4'000; ++step) {
      const std::uint64_t kind = pair.random().below(1000);
      if (kind < pushes * 10) {
        pair.push(pair.some_delay());
      } else if (kind < 940 || kind >= 999) {
        ASSERT_TRUE(pair.pop()) << "phase " << phase << ", step " << step;
      } else {
        pair.kill_one();
      }
      if (kind == 998 && step % 4 == 0)
        pair.reschedule(static_cast<std::uint32_t>(pair.random().below(8)));
    }
    // Nearly empty, for what is far away comes next to now.
    while (pair.size() > pair.random().below(1000)) ASSERT_TRUE(pair.pop());
  }
  while (pair.size() > 0) ASSERT_TRUE(pair.pop());
  ASSERT_TRUE(pair.pop());
}

INSTANTIATE_TEST_SUITE_P(Seeds, AgendaBesideASet, ::testing::Range(1, 9));

TEST(Agenda, HoldsAnyNumberOfEventsOfOneDate) {
  Pair pair(1);
  for (int i = 0; i < 5'000; ++i) pair.push(1'000'000);
  for (int i = 0; i < 5'000; ++i) ASSERT_TRUE(pair.pop());
  EXPECT_EQ(pair.agenda().size(), 0U);
}

// A steady stream that the wheel tunes itself to, then one a thousand times slower, and back: dates
// lie on both sides of the place where the wheel begins again.
TEST(Agenda, FollowsTheRateOfEvents) {
  Pair pair(2);
  for (const std::int64_t gap_ps : {1'000LL, 1'000'000LL, 1'000'000'000LL, 20LL, 1'000'000LL}) {
    for (int i = 0; i < 40'000; ++i) {
      pair.push(gap_ps * static_cast<std::int64_t>(1 + pair.random().below(20'000)));
      if (pair.size() <= 300) continue;
      ASSERT_TRUE(pair.pop());
    }
  }
  while (pair.size() > 0) ASSERT_TRUE(pair.pop());
}

TEST(Agenda, GivesBackWhatABurstNeeded) {
  Pair pair(3);
  for (int i = 0; i < 200'000; ++i) {
    pair.push(static_cast<std::int64_t>(1'000'000'000'000 + pair.random().below(50'000'000'000)));
  }
  while (pair.size() > 0) ASSERT_TRUE(pair.pop());
  EXPECT_LT(pair.agenda().capacity(), 1'000U);
}

}  // namespace
}  // namespace lbsim::kernel
