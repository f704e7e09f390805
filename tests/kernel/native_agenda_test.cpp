// The agenda gives events in the order of date and number, whatever its wheel and its heap do.
#include "kernel/native_agenda.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "core/random.hpp"

namespace lbsim::kernel {
namespace {

// An agenda beside a set that holds the same living events. Dates follow each other as in the
// kernel: nothing is asked for the past, and the dead do not move time.
class Pair {
 public:
  explicit Pair(std::uint64_t seed) : random_(seed, "agenda") {}

  void push(std::int64_t after_ps) {
    if (after_ps >= kLast - now_ps_) return;
    ++number_;
    push_as(now_ps_ + after_ps, make_order(number_, static_cast<std::uint32_t>(number_ % 1000)));
  }

  // The first event, if there is one; false if the two do not agree.
  bool pop() {
    while (agenda_.size() > 0 && dead_.count(agenda_.top().order) > 0) {
      dead_.erase(agenda_.top().order);
      agenda_.pop_dead();
    }
    const Event event = agenda_.top();
    if (alive_.empty()) return agenda_.size() == 0 && event.rank() == Event{}.rank();
    if (agenda_.size() != alive_.size() + dead_.size()) return false;
    if (event.rank() != *alive_.begin()) return false;
    now_ps_ = event.time_ps;
    alive_.erase(alive_.begin());
    agenda_.pop();
    return true;
  }

  // Cancels one of the living.
  void kill_one() {
    if (alive_.empty()) return;
    const auto ahead = static_cast<std::int64_t>(random_.uniform() * 2 * scale_ps_);
    const auto at = lower_bound_of(std::min(now_ps_, kLast - ahead) + ahead);
    dead_.insert(static_cast<std::uint64_t>(*at));
    alive_.erase(at);
    agenda_.abandon([&](const Event& event) { return keep_or_bury(event); });
  }

  // All of one class, some of which come again elsewhere, as when a station's speed changes.
  void reschedule(std::uint64_t of_eight) {
    std::vector<Wide> moved;
    agenda_.erase_if([&](const Event& event) {
      const bool gone = number_of(event.order) % 8 == of_eight && dead_.count(event.order) == 0;
      if (gone) moved.push_back(event.rank());
      return gone;
    });
    for (const Wide rank : moved) alive_.erase(rank);
    for (const Wide rank : moved) {
      const auto left = static_cast<std::int64_t>(rank >> 64) - now_ps_;
      if (random_.below(3) > 0) push_as(now_ps_ + left / 2, static_cast<std::uint64_t>(rank));
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
  static constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max();
  static constexpr std::uint64_t kDay = 86'400'000'000'000'000ULL;

  void push_as(std::int64_t time_ps, std::uint64_t order) {
    const Event event{time_ps, order, {}};
    agenda_.push(now_ps_, event);
    alive_.insert(event.rank());
  }
  std::set<Wide>::iterator lower_bound_of(std::int64_t time_ps) {
    const auto at = alive_.lower_bound(static_cast<Wide>(time_ps) << 64);
    return at == alive_.end() ? std::prev(at) : at;
  }
  bool keep_or_bury(const Event& event) { return dead_.erase(event.order) == 0; }

  Random random_;
  Agenda agenda_;
  std::set<Wide> alive_;          // ranks
  std::set<std::uint64_t> dead_;  // orders, still in the agenda
  std::int64_t now_ps_ = 0;
  std::uint64_t number_ = 0;
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
      if (kind == 998 && step % 4 == 0) pair.reschedule(pair.random().below(8));
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
    pair.push(static_cast<std::int64_t>(pair.random().below(50'000'000'000)));
  }
  while (pair.size() > 0) ASSERT_TRUE(pair.pop());
  EXPECT_LT(pair.agenda().capacity(), 1'000U);
}

}  // namespace
}  // namespace lbsim::kernel
