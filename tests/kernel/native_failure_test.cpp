// What crashes, repairs and changes of speed do, and that nothing is ever lost or told twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "core/random.hpp"
#include "recorder.hpp"

namespace lbsim::kernel {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr std::int64_t kSecond = 1'000'000'000'000;

class NativeFailure : public testing::TestWithParam<Discipline> {};
INSTANTIATE_TEST_SUITE_P(Disciplines, NativeFailure,
                         testing::Values(Discipline::fifo, Discipline::ps));

TEST_P(NativeFailure, ACrashFailsRunningAndWaitingWorkAndARepairStartsEmpty) {
  NativeKernel k;
  const NodeId node = k.add_node({.discipline = GetParam()});
  Recorder sink{k};
  sink.begin = [&] {
    k.exec(node, 5, token(1));
    k.exec(node, 5, token(2));
    k.after(seconds(1), token(0));
  };
  sink.react = [&](Token t, Outcome) {
    if (t.index != 0) return;
    EXPECT_EQ(k.queue_length(node), 2U);
    k.set_node_up(node, false);
    EXPECT_FALSE(k.is_up(node));
    EXPECT_EQ(k.queue_length(node), 0U);
    k.exec(node, 1, token(3));
    k.set_node_up(node, true);
    k.exec(node, 1, token(4));
    EXPECT_EQ(k.queue_length(node), 1U);
  };
  k.run(sink);
  EXPECT_THAT(sink.heard,
              ElementsAre(Heard{kSecond, 0, Outcome::ok}, Heard{kSecond, 1, Outcome::failed},
                          Heard{kSecond, 2, Outcome::failed}, Heard{kSecond, 3, Outcome::failed},
                          Heard{2 * kSecond, 4, Outcome::ok}));
}

// 2 s of work: half done after 1 s at speed 1, the other half takes 4 s at speed 1/4.
TEST_P(NativeFailure, AChangeOfSpeedRescalesWhatRemains) {
  NativeKernel k;
  const NodeId node = k.add_node({.discipline = GetParam()});
  Recorder sink{k};
  sink.begin = [&] {
    k.exec(node, 2, token(1));
    k.after(seconds(1), token(0));
  };
  sink.react = [&](Token t, Outcome) {
    if (t.index == 0) k.set_node_speed(node, 0.25);
  };
  k.run(sink);
  ASSERT_EQ(sink.heard.size(), 2U);
  EXPECT_EQ(sink.heard[1], (Heard{5 * kSecond, 1, Outcome::ok}));
}

TEST_P(NativeFailure, SpeedZeroHoldsTheWorkUntilThereIsSpeedAgain) {
  NativeKernel k;
  const NodeId node = k.add_node({.discipline = GetParam()});
  Recorder sink{k};
  sink.begin = [&] {
    k.exec(node, 2, token(1));
    k.after(seconds(1), token(0));
    k.after(seconds(7), token(2));
  };
  sink.react = [&](Token t, Outcome) {
    if (t.index == 0) k.set_node_speed(node, 0);
    if (t.index == 2) k.set_node_speed(node, 2);
  };
  k.run(sink);
  ASSERT_EQ(sink.heard.size(), 3U);
  EXPECT_EQ(sink.heard[2], (Heard{7 * kSecond + kSecond / 2, 1, Outcome::ok}));
}

// The crash was asked for before the job, so at their common date it comes first.
TEST_P(NativeFailure, WorkThatEndsAtTheDateOfAnEarlierCrashFails) {
  NativeKernel k;
  const NodeId node = k.add_node({.discipline = GetParam()});
  Recorder sink{k};
  sink.begin = [&] {
    k.after(seconds(1), token(0));
    k.exec(node, 1, token(1));
  };
  sink.react = [&](Token t, Outcome) {
    if (t.index == 0) k.set_node_up(node, false);
  };
  k.run(sink);
  EXPECT_THAT(sink.heard,
              ElementsAre(Heard{kSecond, 0, Outcome::ok}, Heard{kSecond, 1, Outcome::failed}));
}

TEST(NativeFailureOfTransfers, ACrashAtEitherEndOrADeadLinkFailsThemInBothPhases) {
  for (int what = 0; what < 3; ++what) {
    NativeKernel k;
    const NodeId a = k.add_node({});
    const NodeId b = k.add_node({});
    const NodeId c = k.add_node({});
    const std::array link{k.add_link({.bytes_per_s = 1e6})};
    const std::array other{k.add_link({.bytes_per_s = 1e6, .sharing = Sharing::ideal})};
    const RouteId fast = k.add_route(a, b, link, milliseconds(1));
    const RouteId slow = k.add_route(a, b, link, seconds(2));
    const RouteId apart = k.add_route(c, c, other, seconds(2));
    Recorder sink{k};
    sink.begin = [&] {
      k.send(fast, 1e9, token(1));
      k.send(slow, 1e9, token(2));
      k.send(apart, 1.0, token(3));
      k.after(seconds(1), token(0));
    };
    sink.react = [&](Token t, Outcome) {
      if (t.index != 0) return;
      if (what == 0) k.set_node_up(a, false);
      if (what == 1) k.set_node_up(b, false);
      if (what == 2) k.set_link_up(link[0], false);
    };
    k.run(sink);
    ASSERT_EQ(sink.heard.size(), 4U);
    EXPECT_EQ(sink.heard[1], (Heard{kSecond, 1, Outcome::failed}));
    EXPECT_EQ(sink.heard[2], (Heard{kSecond, 2, Outcome::failed}));
    EXPECT_EQ(sink.heard[3].outcome, Outcome::ok);
  }
}

// Anything may happen, any number of times: every handle ends in exactly one way.
class Chaos {
 public:
  explicit Chaos(std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < 6; ++i) {
      nodes_.push_back(k_.add_node({.speed = 1 + random_.uniform(),
                                    .cores = 1 + static_cast<int>(random_.below(3)),
                                    .discipline = i % 2 ? Discipline::ps : Discipline::fifo}));
    }
    for (int i = 0; i < 5; ++i) links_.push_back(k_.add_link({.bytes_per_s = 1e6 * (i + 1)}));
    for (int i = 0; i < 20; ++i) {
      std::vector<LinkId> way;
      for (const LinkId l : links_) {
        if (random_.below(3) == 0) way.push_back(l);
      }
      routes_.push_back(k_.add_route(any(nodes_), any(nodes_), way, milliseconds(1 + i % 4)));
    }
  }

  void play() {
    Recorder sink{k_};
    sink.begin = [&] { k_.after(picoseconds(0), token(0)); };
    sink.react = [&](Token t, Outcome) {
      if (t.index > 0) ++ends_[t.index];
      if (t.index == 0) act();
    };
    k_.run(sink);
    for (std::size_t i = 1; i < ends_.size(); ++i) ASSERT_EQ(ends_[i], 1) << "handle " << i;
    for (const Handle h : handles_) EXPECT_FALSE(k_.cancel(h).found);
    for (const NodeId n : nodes_) EXPECT_EQ(k_.queue_length(n), 0U);
  }

 private:
  template <class T>
  const T& any(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(random_.below(from.size()))];
  }

  void act() {
    for (std::uint64_t n = random_.below(6); n-- > 0;) one_act();
    const bool more = ends_.size() < 5000;
    if (more) k_.after(from_seconds(random_.below(2) ? 0 : random_.exponential() * 1e-2), token(0));
    if (more) return;
    for (const NodeId n : nodes_) {
      k_.set_node_up(n, true);
      k_.set_node_speed(n, 1);
    }
    for (const LinkId l : links_) k_.set_link_bandwidth(l, 1e6);
  }

  void one_act() {
    const std::uint64_t what = random_.below(30);
    const auto next = static_cast<std::uint32_t>(ends_.size());
    if (what == 0) k_.set_node_up(any(nodes_), random_.below(2) == 0);
    if (what == 1) k_.set_link_up(any(links_), random_.below(2) == 0);
    if (what == 2) k_.set_node_speed(any(nodes_), static_cast<double>(random_.below(3)));
    if (what == 3) k_.set_link_bandwidth(any(links_), 1e6 * static_cast<double>(random_.below(3)));
    if (what >= 4 && what < 10 && !handles_.empty()) {
      const std::size_t i = static_cast<std::size_t>(random_.below(handles_.size()));
      const Cancelled answer = k_.cancel(handles_[i]);
      EXPECT_EQ(answer.found, ends_[i + 1] == 0);
      EXPECT_GE(answer.remaining, 0);
      if (answer.found) ++ends_[i + 1];
    }
    if (what < 10) return;
    ends_.push_back(0);
    const double size = random_.below(5) == 0 ? 0 : random_.exponential();
    if (what < 13) handles_.push_back(k_.after(from_seconds(size), token(next)));
    if (what >= 13 && what < 22) {
      const NodeId node = any(nodes_);
      handles_.push_back(k_.exec(node, size * 0.01, token(next)));
    }
    if (what >= 22) handles_.push_back(k_.send(any(routes_), 1e4 * size + 1, token(next)));
  }

  Random random_;
  NativeKernel k_;
  std::vector<NodeId> nodes_;
  std::vector<LinkId> links_;
  std::vector<RouteId> routes_;
  std::vector<Handle> handles_;
  std::vector<int> ends_ = {0};
};

TEST(NativeHandles, EndExactlyOnceWhateverHappens) {
  for (std::uint64_t seed = 1; seed <= 30 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Chaos(seed).play();
  }
}

}  // namespace
}  // namespace lbsim::kernel
