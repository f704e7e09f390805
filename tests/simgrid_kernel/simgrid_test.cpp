// The rules of kernel.hpp, and CM02 in closed forms: SimGrid behind the concept keeps them, and the
// native kernel tells each story the same.
#include "kernel/simgrid.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support/child.hpp"
#include "../support/story.hpp"
#include "core/error.hpp"
#include "kernel/native.hpp"

namespace lbsim::kernel {
namespace {

using test::Ended;
using test::failed;
using test::in_child;
using test::named;
using test::ok;
using test::told;
using testing::ElementsAre;

constexpr std::int64_t kMs = 1'000'000'000;  // in ps

template <class Story>
NodeId worker(Story& s, int cores = 1, Discipline discipline = Discipline::fifo) {
  return s.kernel.add_node({.speed = 1.0, .cores = cores, .discipline = discipline});
}

template <class Story>
RouteId way(Story& s, std::initializer_list<LinkId> links, Duration latency) {
  const NodeId from = worker(s);
  const NodeId to = worker(s);
  return s.kernel.add_route(from, to, std::span(links.begin(), links.size()), latency);
}

template <class K>
class KernelRules : public testing::Test {};

using Kernels = testing::Types<SimgridKernel, NativeKernel>;
TYPED_TEST_SUITE(KernelRules, Kernels);

TYPED_TEST(KernelRules, ATransferIsOneLatencyThenItsBytes) {
  // 5 ms + 20,000 B / 1 MB/s = 25 ms.
  const auto ended = told<TypeParam>([](auto& s) {
    const RouteId r = way(s, {s.kernel.add_link({.bytes_per_s = 1e6})}, milliseconds(5));
    s.at(milliseconds(1), [&s, r] { s.kernel.send(r, 20'000, named(7)); });
  });
  EXPECT_THAT(ended, ElementsAre(ok(7, 26 * kMs)));
}

TYPED_TEST(KernelRules, OneFlowIsCappedAtTcpGammaOverTheRoundTrip) {
  // 4194304 / (2 * 50 ms) = 41,943,040 B/s, so 41,943,040 B take 1 s on a link of 1 GB/s.
  const auto ended = told<TypeParam>([](auto& s) {
    const RouteId r = way(s, {s.kernel.add_link({.bytes_per_s = 1e9})}, milliseconds(50));
    s.at(milliseconds(0), [&s, r] { s.kernel.send(r, 41'943'040, named(1)); });
  });
  EXPECT_THAT(ended, ElementsAre(ok(1, 1050 * kMs)));
}

TYPED_TEST(KernelRules, AnIdealLinkBindsNobody) {
  const auto ended = told<TypeParam>([](auto& s) {
    const LinkId ideal = s.kernel.add_link({.bytes_per_s = 1, .sharing = Sharing::ideal});
    const RouteId r = way(s, {ideal}, milliseconds(50));
    s.at(milliseconds(0), [&s, r] { s.kernel.send(r, 41'943'040, named(1)); });
    s.at(milliseconds(0), [&s, r] { s.kernel.send(r, 41'943'040, named(2)); });
  });
  EXPECT_THAT(ended, ElementsAre(ok(1, 1050 * kMs), ok(2, 1050 * kMs)));
}

TYPED_TEST(KernelRules, FlowsShareALinkInInverseProportionToTheirLatencies) {
  // Weights 1/1 and 1/4: 800 and 200 kB/s once both flow, from 4 ms on. The near one has 3 ms
  // alone: 3,000 B, then 5,000 B at 800 kB/s end at 10.25 ms. The far one has then 1,250 B, and
  // 8,750 B at 1 MB/s end at 19 ms.
  const auto ended = told<TypeParam>([](auto& s) {
    const LinkId l = s.kernel.add_link({.bytes_per_s = 1e6});
    const RouteId near = way(s, {l}, milliseconds(1));
    const RouteId far = way(s, {l}, milliseconds(4));
    s.at(milliseconds(0), [&s, near, far] {
      s.kernel.send(far, 10'000, named(2));
      s.kernel.send(near, 8'000, named(1));
    });
  });
  EXPECT_THAT(ended, ElementsAre(ok(1, kMs * 41 / 4), ok(2, 19 * kMs)));
}

TYPED_TEST(KernelRules, AFlowHeldBackElsewhereLeavesItsShareToTheOthers) {
  // Access link 1 MB/s for two flows of equal weight; one passes a link of 200 kB/s as well. So 800
  // and 200 kB/s: 16,000 B take 20 ms; the other has then 4,000 B and goes on at 200 kB/s: 2,000 B
  // more take 10 ms.
  const auto ended = told<TypeParam>([](auto& s) {
    const LinkId access = s.kernel.add_link({.bytes_per_s = 1e6});
    const LinkId narrow = s.kernel.add_link({.bytes_per_s = 2e5});
    const RouteId wide_way = way(s, {access}, milliseconds(2));
    const RouteId narrow_way = way(s, {narrow, access}, milliseconds(2));
    s.at(milliseconds(0), [&s, wide_way, narrow_way] {
      s.kernel.send(wide_way, 16'000, named(1));
      s.kernel.send(narrow_way, 6'000, named(2));
    });
  });
  EXPECT_THAT(ended, ElementsAre(ok(1, 22 * kMs), ok(2, 32 * kMs)));
}

TYPED_TEST(KernelRules, AChangedBandwidthHoldsAtOnceAlsoForFlowsThatStartedBeforeIt) {
  // 1 is in its bytes, 2 in its latency when the link rises from 0.1 to 1 MB/s at 20 ms.
  // 1: 1,000 B until then, 9,000 B in 9 ms, alone: 29 ms. 2: latency until 30 ms, 5,000 B in 5 ms.
  const auto ended = told<TypeParam>([](auto& s) {
    const LinkId l = s.kernel.add_link({.bytes_per_s = 1e5});
    const RouteId r = way(s, {l}, milliseconds(10));
    const RouteId far = way(s, {l}, milliseconds(30));
    s.at(milliseconds(0), [&s, r] { s.kernel.send(r, 10'000, named(1)); });
    s.at(milliseconds(0), [&s, far] { s.kernel.send(far, 5'000, named(2)); });
    s.at(milliseconds(20), [&s, l] { s.kernel.set_link_bandwidth(l, 1e6); });
    s.at(milliseconds(32), [&s, l] { s.kernel.set_link_bandwidth(l, 3e5); });
  });
  // 2 has 3,000 B left at 32 ms: 10 ms more.
  EXPECT_THAT(ended, ElementsAre(ok(1, 29 * kMs), ok(2, 42 * kMs)));
}

TYPED_TEST(KernelRules, ACrashFailsRunningAndWaitingWorkAndTransfersAtEitherEndAndInTheirLatency) {
  const auto ended = told<TypeParam>([](auto& s) {
    const NodeId a = worker(s);
    const NodeId b = worker(s);
    const LinkId l = s.kernel.add_link({.bytes_per_s = 1e6});
    const RouteId there = s.kernel.add_route(a, b, std::span(&l, 1), milliseconds(5));
    const RouteId back = s.kernel.add_route(b, a, std::span(&l, 1), milliseconds(5));
    s.at(milliseconds(0), [&s, there, b] {
      s.kernel.send(there, 1e6, named(1));
      s.kernel.exec(b, 0.050, named(2));
      s.kernel.exec(b, 0.050, named(3));
    });
    s.at(milliseconds(9), [&s, back] { s.kernel.send(back, 100, named(4)); });
    s.at(milliseconds(10), [&s, b] {
      s.note(90, s.kernel.queue_length(b));
      s.kernel.set_node_up(b, false);
      s.note(91, s.kernel.queue_length(b));
    });
    // Towards the dead: fails at once, but not within the call.
    s.at(milliseconds(11), [&s, there, b] {
      s.kernel.send(there, 100, named(5));
      s.kernel.exec(b, 1, named(6));
      s.note(92, s.kernel.is_up(b));
    });
    // Repair starts empty.
    s.at(milliseconds(20), [&s, there, b] {
      s.kernel.set_node_up(b, true);
      s.kernel.exec(b, 0.001, named(7));
      s.kernel.send(there, 1000, named(8));
    });
  });
  EXPECT_THAT(ended, ElementsAre(Ended{90, Outcome::ok, 10 * kMs, 2},
                                 Ended{91, Outcome::ok, 10 * kMs, 0}, failed(1, 10 * kMs),
                                 failed(2, 10 * kMs), failed(3, 10 * kMs), failed(4, 10 * kMs),
                                 Ended{92, Outcome::ok, 11 * kMs, 0}, failed(5, 11 * kMs),
                                 failed(6, 11 * kMs), ok(7, 21 * kMs), ok(8, 26 * kMs)));
}

TYPED_TEST(KernelRules, ALinkThatGoesDownFailsWhatIsOnItAndNothingElse) {
  const auto ended = told<TypeParam>([](auto& s) {
    const LinkId cut = s.kernel.add_link({.bytes_per_s = 1e6});
    const LinkId whole = s.kernel.add_link({.bytes_per_s = 1e6});
    const RouteId r1 = way(s, {cut, whole}, milliseconds(1));
    const RouteId r2 = way(s, {whole}, milliseconds(1));
    s.at(milliseconds(0), [&s, r1, r2] {
      s.kernel.send(r1, 50'000, named(1));
      s.kernel.send(r2, 10'000, named(2));
    });
    s.at(milliseconds(5), [&s, cut] { s.kernel.set_link_up(cut, false); });
    s.at(milliseconds(6), [&s, r1] { s.kernel.send(r1, 1, named(3)); });
    s.at(milliseconds(7), [&s, cut, r1] {
      s.kernel.set_link_up(cut, true);
      s.kernel.send(r1, 1'000'000, named(4));
    });
  });
  // 2 has 2,000 of its 10,000 B at 5 ms and 3,000 more at 8 ms, alone; it shares for the rest. 4
  // has then 5,000 of its 1,000,000 B.
  EXPECT_THAT(ended, ElementsAre(failed(1, 5 * kMs), failed(3, 6 * kMs), ok(2, 18 * kMs),
                                 ok(4, 1013 * kMs)));
}

TYPED_TEST(KernelRules, CancelSaysWhatRemainsAndNoCallbackFollows) {
  const auto ended = told<TypeParam>([](auto& s) {
    const NodeId n = worker(s);
    const RouteId r = way(s, {s.kernel.add_link({.bytes_per_s = 1e6})}, milliseconds(5));
    static Handle transfer, young, running, waiting, timer;
    s.at(milliseconds(0), [&s, n, r] {
      transfer = s.kernel.send(r, 20'000, named(1));
      running = s.kernel.exec(n, 0.030, named(2));
      waiting = s.kernel.exec(n, 0.040, named(3));
      s.kernel.exec(n, 0.002, named(4));
      timer = s.kernel.after(milliseconds(50), named(5));
    });
    s.at(milliseconds(9), [&s, r] { young = s.kernel.send(r, 700, named(6)); });
    s.at(milliseconds(10), [&s] {
      s.note(11, s.kernel.cancel(transfer).remaining);  // 5 ms of bytes gone
      s.note(12, s.kernel.cancel(waiting).remaining);
      s.note(13, s.kernel.cancel(running).remaining);  // its worker takes 4
      s.note(14, s.kernel.cancel(timer).remaining);
      s.note(15, s.kernel.cancel(young).remaining);  // still in its latency
      s.note(16, s.kernel.cancel(running).found);
      s.note(17, s.kernel.cancel({}).found);
    });
  });
  ASSERT_EQ(ended.size(), 8u);
  const double remaining[] = {15'000, 0.040, 0.020, 0.040, 700, 0, 0};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(ended[i].value, remaining[i], 1e-9 * 15'000) << i;
  EXPECT_EQ(ended[7], ok(4, 12 * kMs));
}

TYPED_TEST(KernelRules, EqualDatesComeInTheOrderOfTheModelsCalls) {
  // A lane's event, a transfer, a job, a timer and a failure, all at 10 ms, called in this order.
  const auto ended = told<TypeParam>([](auto& s) {
    const NodeId n = worker(s, 2);
    const NodeId dead = worker(s);
    const LaneId lane = s.kernel.add_lane();
    const RouteId r = way(s, {s.kernel.add_link({.bytes_per_s = 1e6})}, milliseconds(5));
    s.at(milliseconds(0), [&s, n, r, lane, dead] {
      s.kernel.set_node_up(dead, false);
      s.kernel.exec(n, 0.010, named(1));
      s.kernel.post(lane, kTimeZero + milliseconds(10), named(2));
      s.kernel.send(r, 5'000, named(3));
      s.kernel.after(milliseconds(10), named(4));
      s.kernel.exec(n, 0.010, named(5));
    });
    s.when(1, [&s, n, dead] {
      s.kernel.exec(n, 0, named(6));
      s.kernel.exec(dead, 1, named(7));
    });
  });
  EXPECT_THAT(ended, ElementsAre(ok(1, 10 * kMs), ok(2, 10 * kMs), ok(3, 10 * kMs), ok(4, 10 * kMs),
                                 ok(5, 10 * kMs), ok(6, 10 * kMs), failed(7, 10 * kMs)));
}

TYPED_TEST(KernelRules, AChangeOfSpeedRescalesWhatRemainsAndSpeedZeroHangs) {
  // 20 ms of work: 5 ms at 1, then at 1/2 until 15 ms (10 done), hung until 115 ms, then 10 ms
  // at 2.
  const auto ended = told<TypeParam>([](auto& s) {
    const NodeId n = worker(s);
    s.at(milliseconds(0), [&s, n] { s.kernel.exec(n, 0.020, named(1)); });
    s.at(milliseconds(5), [&s, n] { s.kernel.set_node_speed(n, 0.5); });
    s.at(milliseconds(15), [&s, n] { s.kernel.set_node_speed(n, 0); });
    s.at(milliseconds(115), [&s, n] { s.kernel.set_node_speed(n, 2); });
  });
  EXPECT_THAT(ended, ElementsAre(ok(1, 120 * kMs)));
}

TYPED_TEST(KernelRules, StopLeavesTheRestUnsaid) {
  const auto ended = told<TypeParam>([](auto& s) {
    const NodeId n = worker(s);
    s.at(milliseconds(0), [&s, n] {
      s.kernel.exec(n, 0.020, named(1));
      s.kernel.exec(n, 0.020, named(2));
    });
    s.when(1, [&s] { s.kernel.stop(); });
  });
  EXPECT_THAT(ended, ElementsAre(ok(1, 20 * kMs)));
}

TEST(SimgridKernel, ASecondOneInAProcessIsRefusedWithTheReason) {
  const auto text = in_child<char>([] {
    const SimgridKernel first;
    std::string said;
    try {
      const SimgridKernel second;
    } catch (const InputError& e) {
      said = e.what();
    }
    return std::vector<char>(said.begin(), said.end());
  });
  EXPECT_THAT(std::string(text.begin(), text.end()),
              testing::HasSubstr("one simulation per process"));
}

}  // namespace
}  // namespace lbsim::kernel
