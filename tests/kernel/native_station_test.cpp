// Stations against what theory and the most direct computation say.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <queue>

#include "core/random.hpp"
#include "recorder.hpp"

namespace lbsim::kernel {
namespace {

// A FIFO queue with c workers: a job starts when it has come and the first worker is free.
TEST(NativeFifo, JobsEndWhenTheFirstFreeWorkerHasDoneThem) {
  for (int cores = 1; cores <= 5; ++cores) {
    NativeKernel k;
    const NodeId node = k.add_node({.speed = 2, .cores = cores});
    const LaneId arrivals = k.add_lane();
    Random random(static_cast<std::uint64_t>(cores));
    std::vector<double> work;
    std::vector<std::int64_t> expected;
    std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>> free;
    for (int i = 0; i < cores; ++i) free.push(0);
    Time at{};
    for (std::uint32_t i = 0; i < 20'000; ++i) {
      at += from_seconds(random.exponential() / cores * 0.55);
      k.post(arrivals, at, {.index = i});
      work.push_back(random.exponential());
      const std::int64_t begin = std::max(to_ps(at), free.top());
      free.pop();
      expected.push_back(begin + from_seconds(work.back() / 2).count());
      free.push(expected.back());
    }
    Recorder sink{k};
    sink.react = [&](Token t, Outcome) {
      if (t.kind == 0) k.exec(node, work[t.index], {.index = t.index, .kind = 1});
      if (t.kind == 1) {
        ASSERT_EQ(to_ps(k.now()), expected[t.index]);
      }
    };
    k.run(sink);
    EXPECT_EQ(sink.heard.size(), 40'000U);
    EXPECT_EQ(k.queue_length(node), 0U);
  }
}

// A station by counting down what remains of every job, with cancels and changes of speed. First
// come first served: the oldest jobs have a core each. Processor sharing: all have the same part.
struct CountDown {
  Discipline discipline;
  std::size_t cores = 1;
  double speed = 1;
  double now = 0;
  std::map<std::uint32_t, double> left = {};  // by age
  std::map<std::uint32_t, double> ended = {};

  double rate(std::size_t rank) const {
    if (discipline == Discipline::fifo) return rank < cores ? speed : 0;
    return speed * std::min(1.0, static_cast<double>(cores) / static_cast<double>(left.size()));
  }

  void advance(double until) {
    while (now < until) {
      double next = until;
      std::size_t rank = 0;
      for (const auto& [id, w] : left) next = std::min(next, end_of(w, rate(rank++)));
      std::map<std::uint32_t, double> rest;
      rank = 0;
      for (const auto& [id, w] : left) {
        const double r = rate(rank++);
        if (end_of(w, r) <= next) {
          ended[id] = next;
        } else {
          rest[id] = w - r * (next - now);
        }
      }
      left = rest;
      now = next;
    }
  }
  double end_of(double w, double r) const { return std::ceil((now + w / r) * 1e12) * 1e-12; }
};

class NativeStation : public testing::TestWithParam<Discipline> {};
INSTANTIATE_TEST_SUITE_P(Disciplines, NativeStation,
                         testing::Values(Discipline::fifo, Discipline::ps));

TEST_P(NativeStation, JobsEndWhenCountingDownEachOfThemSaysSo) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    NativeKernel k;
    Random random(seed);
    CountDown truth{GetParam()};
    truth.cores = 1 + static_cast<std::size_t>(random.below(4));
    const NodeId node =
        k.add_node({.cores = static_cast<int>(truth.cores), .discipline = GetParam()});
    std::map<std::uint32_t, Handle> handles;
    std::map<std::uint32_t, double> ended;
    std::uint32_t next = 1;
    Recorder sink{k};
    sink.begin = [&] { k.after(picoseconds(1), token(0)); };
    sink.react = [&](Token t, Outcome) {
      if (t.index > 0) {
        ended[t.index] = to_seconds(k.now());
        handles.erase(t.index);
        return;
      }
      truth.advance(to_seconds(k.now()));
      EXPECT_EQ(k.queue_length(node), truth.left.size());
      const std::uint64_t what = random.below(10);
      if (what == 0) {
        truth.speed = 0.5 + random.uniform();
        k.set_node_speed(node, truth.speed);
      } else if (what == 1 && !handles.empty()) {
        const auto victim =
            std::next(handles.begin(), static_cast<int>(random.below(handles.size())));
        EXPECT_NEAR(k.cancel(victim->second).remaining, truth.left[victim->first], 1e-10);
        truth.left.erase(victim->first);
        handles.erase(victim);
      } else {
        const double work = random.exponential();
        truth.left[next] = work;
        handles[next] = k.exec(node, work, token(next));
        ++next;
      }
      if (next < 400)
        k.after(from_seconds(random.exponential() / static_cast<double>(truth.cores)), token(0));
    };
    k.run(sink);
    truth.advance(1e6);
    ASSERT_EQ(ended.size(), truth.ended.size());
    for (const auto& [id, at] : truth.ended) ASSERT_NEAR(ended[id], at, 3e-12 + 1e-11 * at) << id;
  }
}

// E[T] = E[S] / (1 - rho) for M/M/1, first come first served and processor sharing alike. The
// standard error is that of the means of 100 batches.
void expect_mm1_sojourn(Discipline discipline, double rho) {
  NativeKernel k;
  const NodeId node = k.add_node({.discipline = discipline});
  const LaneId arrivals = k.add_lane();
  Random gaps(1, "gaps");
  Random works(1, "works");
  constexpr std::uint32_t kJobs = 1'000'000;
  constexpr std::uint32_t kBatches = 100;
  std::vector<double> batch(kBatches);
  std::vector<Time> begun(kJobs);
  struct Sink {
    std::function<void(Token)> react;
    NativeKernel& kernel;
    LaneId lane;
    void start() { kernel.post(lane, kTimeZero, token(0)); }
    void on(Token t, Outcome) { react(t); }
  } sink{{}, k, arrivals};
  sink.react = [&](Token t) {
    if (t.kind == 1) {
      batch[t.index / (kJobs / kBatches)] += to_seconds(k.now() - begun[t.index]);
      return;
    }
    begun[t.index] = k.now();
    k.exec(node, works.exponential(), {.index = t.index, .kind = 1});
    const Time next = k.now() + from_seconds(gaps.exponential() / rho);
    if (t.index + 1 < kJobs) k.post(arrivals, next, token(t.index + 1));
  };
  k.run(sink);
  double mean = 0;
  double square = 0;
  for (double& b : batch) {
    b /= kJobs / kBatches;
    mean += b / kBatches;
    square += b * b / kBatches;
  }
  const double error = std::sqrt((square - mean * mean) / (kBatches - 1));
  EXPECT_NEAR(mean, 1 / (1 - rho), 5 * error);
  EXPECT_LT(error, 0.05 * mean);
}

TEST(NativeFifo, SojournOfMM1IsWhatTheoryTells) { expect_mm1_sojourn(Discipline::fifo, 0.7); }

TEST(NativeProcessorSharing, SojournOfMM1IsWhatTheoryTells) {
  expect_mm1_sojourn(Discipline::ps, 0.7);
}

TEST(NativeCancel, ReturnsWhatRemains) {
  NativeKernel k;
  const NodeId fifo = k.add_node({.speed = 2});
  const NodeId shared = k.add_node({.discipline = Discipline::ps});
  const RouteId route = k.add_route(fifo, shared, {}, milliseconds(10));
  Recorder sink{k};
  std::vector<Handle> h;
  sink.begin = [&] {
    h = {k.exec(fifo, 4, token(1)),   k.exec(fifo, 3, token(2)),     k.exec(shared, 2, token(3)),
         k.exec(shared, 5, token(4)), k.after(seconds(9), token(5)), k.send(route, 1e9, token(6))};
    k.after(seconds(1), token(0));
  };
  sink.react = [&](Token, Outcome) {
    if (h.empty()) return;
    const std::vector<Handle> all = h;
    h.clear();
    EXPECT_EQ(k.queue_length(fifo), 2U);
    EXPECT_DOUBLE_EQ(k.cancel(all[0]).remaining, 4 - 1 * 2);  // the speed is 2
    EXPECT_DOUBLE_EQ(k.cancel(all[1]).remaining, 3);          // has just begun
    EXPECT_DOUBLE_EQ(k.cancel(all[2]).remaining, 2 - 0.5);    // half a core each
    EXPECT_DOUBLE_EQ(k.cancel(all[4]).remaining, 8);
    EXPECT_NEAR(k.cancel(all[5]).remaining, 1e9 - 0.99 * kTcpGamma / 0.02, 1);
    for (const Handle gone : {all[0], all[1], all[2], all[4], all[5], Handle{}}) {
      EXPECT_FALSE(k.cancel(gone).found);
    }
    EXPECT_EQ(k.queue_length(fifo), 0U);
    const Handle again = k.send(route, 77, token(7));
    EXPECT_EQ(k.cancel(again).remaining, 77);
  };
  k.run(sink);
  // 5 seconds of work: half a second done at half speed, the rest alone.
  ASSERT_EQ(sink.heard.size(), 2U);
  EXPECT_EQ(sink.heard[1], (Heard{5'500'000'000'000, 4, Outcome::ok}));
}

}  // namespace
}  // namespace lbsim::kernel
