#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "recorder.hpp"

namespace lbsim::kernel {
namespace {

using testing::ElementsAre;

TEST(NativeOrder, EventsOfOneDateComeInTheOrderOfTheCallsThatMadeThem) {
  NativeKernel k;
  const LaneId lane = k.add_lane();
  const NodeId fifo = k.add_node({});
  const NodeId ps = k.add_node({.discipline = Discipline::ps});
  Recorder sink{k};
  sink.begin = [&] {
    k.after(seconds(1), token(0));
    k.post(lane, kTimeZero + seconds(1), token(1));
    k.exec(ps, 1.0, token(2));
    k.exec(fifo, 1.0, token(3));
    k.after(seconds(1), token(4));
    k.post(lane, kTimeZero + seconds(1), token(5));
  };
  k.run(sink);
  std::vector<std::uint32_t> order;
  for (const Heard& h : sink.heard) {
    EXPECT_EQ(h.at_ps, 1'000'000'000'000);
    order.push_back(h.index);
  }
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(NativeOrder, WorkTowardsADeadNodeFailsAtOnceButNotInsideTheCall) {
  NativeKernel k;
  const NodeId node = k.add_node({});
  const NodeId peer = k.add_node({});
  const RouteId route = k.add_route(peer, node, {}, milliseconds(1));
  Recorder sink{k};
  sink.begin = [&] {
    k.set_node_up(node, false);
    k.exec(node, 1.0, token(7));
    k.send(route, 1.0, token(8));
    EXPECT_TRUE(sink.heard.empty());
  };
  k.run(sink);
  EXPECT_THAT(sink.heard, ElementsAre(Heard{0, 7, Outcome::failed}, Heard{0, 8, Outcome::failed}));
}

TEST(NativeOrder, ATransferIsOneLatencyAndThenItsBytesAtItsCap) {
  NativeKernel k;
  const NodeId a = k.add_node({});
  const NodeId b = k.add_node({});
  const std::array links{k.add_link({.bytes_per_s = 1e12})};
  const RouteId route = k.add_route(a, b, links, milliseconds(10));
  Recorder sink{k};
  // cap = 4194304 / 0.02 = 209715200 bytes/s; 20971520 bytes take 0.1 s.
  sink.begin = [&] { k.send(route, 20'971'520, token(1)); };
  k.run(sink);
  ASSERT_EQ(sink.heard.size(), 1U);
  EXPECT_NEAR(static_cast<double>(sink.heard[0].at_ps), 110e9, 1.0);
}

// Bytes that take 1 ms at the cap, one transfer in flight at any time, for 30 days: a clock
// of 2.6e6 s in a double would be 500 ps off by then.
TEST(NativeOrder, AVeryLongBusyPeriodLosesNoPicoseconds) {
  NativeKernel k;
  const NodeId node = k.add_node({});
  const std::array link{k.add_link({.bytes_per_s = 1e12})};
  const RouteId busy = k.add_route(node, node, std::array{link[0]}, seconds(1000));
  const RouteId route = k.add_route(node, node, link, milliseconds(10));
  const double cap = kTcpGamma / 0.02;
  Recorder sink{k};
  std::uint32_t sent = 0;
  Time begun{};
  const auto send = [&] {
    begun = k.now();
    ++sent;
    k.send(busy, 3000 * kTcpGamma / 2000, token(0));
    k.send(route, cap * 1e-3, token(1));
    k.after(seconds(1000), token(2));
  };
  sink.begin = send;
  sink.react = [&](Token t, Outcome) {
    if (t.index == 1) {
      ASSERT_NEAR(static_cast<double>((k.now() - begun).count()), 11e9, 1.0);
    }
    if (t.index == 2 && sent < 2600) send();
  };
  k.run(sink);
  EXPECT_EQ(sink.heard.size(), 2600U * 3);
}

}  // namespace
}  // namespace lbsim::kernel
