// Memory follows what is pending, not what has been cancelled or has passed.
#include <gtest/gtest.h>

#include <array>

#include "recorder.hpp"

namespace lbsim::kernel {
namespace {

// 100,000 rounds of `ask and cancel` while `pending` others stay; the bound is generous in the
// number that stays and does not know the number of rounds.
template <class Ask>
void expect_bounded(NativeKernel& k, Ask ask, int pending = 100) {
  Recorder sink{k};
  sink.begin = [&] {
    for (int i = 0; i < pending; ++i) ask(token(1));
    k.after(milliseconds(20), token(0));
  };
  sink.react = [&](Token t, Outcome) {
    if (t.index != 0) return;
    for (int i = 0; i < 100'000; ++i) EXPECT_TRUE(k.cancel(ask(token(2))).found);
    k.stop();
  };
  k.run(sink);
  EXPECT_LT(k.entries_held(), static_cast<std::size_t>(pending) * 30);
}

TEST(NativeMemory, DoesNotGrowWithCancelledTimers) {
  NativeKernel k;
  expect_bounded(k, [&](Token t) { return k.after(seconds(5), t); });
}

TEST(NativeMemory, DoesNotGrowWithCancelledWork) {
  for (const Discipline discipline : {Discipline::fifo, Discipline::ps}) {
    NativeKernel k;
    const NodeId node = k.add_node({.discipline = discipline});
    expect_bounded(k, [&](Token t) { return k.exec(node, 10, t); });
  }
}

TEST(NativeMemory, DoesNotGrowWithTransfersCancelledInTheirLatency) {
  NativeKernel k;
  const NodeId node = k.add_node({});
  const RouteId route = k.add_route(node, node, {}, seconds(1));
  expect_bounded(k, [&](Token t) { return k.send(route, 1e9, t); });
}

TEST(NativeMemory, DoesNotGrowWithTransfersCancelledWhileTheyShare) {
  NativeKernel k;
  const NodeId node = k.add_node({});
  const std::array link{k.add_link({.bytes_per_s = 1e6})};
  const RouteId route = k.add_route(node, node, link, microseconds(1));
  Recorder sink{k};
  std::vector<Handle> young;
  int rounds = 0;
  sink.begin = [&] {
    for (int i = 0; i < 100; ++i) k.send(route, 1e12, token(1));
    k.after(microseconds(10), token(0));
  };
  sink.react = [&](Token, Outcome) {
    for (const Handle h : young) EXPECT_TRUE(k.cancel(h).found);
    young.clear();
    for (int i = 0; i < 10; ++i) young.push_back(k.send(route, 1e12, token(2)));
    if (++rounds == 10'000) return k.stop();
    k.after(microseconds(10), token(0));
  };
  k.run(sink);
  EXPECT_LT(k.entries_held(), 3000U);
}

TEST(NativeMemory, IsGivenBackWhenABurstHasPassed) {
  NativeKernel k;
  const LaneId lane = k.add_lane();
  const NodeId node = k.add_node({});
  Recorder sink{k};
  sink.begin = [&] {
    for (int i = 0; i < 10'000; ++i) {
      k.post(lane, kTimeZero + seconds(1), token(0));
      k.exec(node, 1e-5, token(0));
    }
    k.after(seconds(2), token(1));
  };
  sink.react = [&](Token t, Outcome) {
    if (t.index == 1) k.exec(node, 1e-5, token(0));  // a station tidies up when it is used
  };
  k.run(sink);
  // The slab stays for the next burst: 20,000 items.
  EXPECT_LT(k.entries_held(), 20'000U + 500U);
}

}  // namespace
}  // namespace lbsim::kernel
