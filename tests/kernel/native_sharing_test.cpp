// The kernel's incremental sharing against a refill per transfer, over random histories.
#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "brute_force_sharing.hpp"
#include "core/random.hpp"
#include "recorder.hpp"

namespace lbsim::kernel {
namespace {

struct Way {
  std::vector<std::size_t> links;
  Duration latency;
};

struct Topology {
  std::vector<double> capacity;
  std::vector<Way> ways;
};

std::size_t pick(Random& random, std::size_t n) {
  return static_cast<std::size_t>(random.below(n));
}

Duration random_latency(Random& random, std::size_t classes) {
  return picoseconds(1'000'000'000 +
                     7'770'000'000 * static_cast<std::int64_t>(pick(random, classes)));
}

// Shapes: 0 leaves under one hub; 1 the same with paths that avoid the hub; 2 two hubs; 3 leaf,
// rack and hub; 4 any sets of links; 5 leaves under one hub behind wide access links; 6 forty
// leaves under one hub.
Topology random_topology(Random& random, int shape) {
  Topology t;
  const std::size_t leaves = shape == 6 ? 40 : 2 + pick(random, 7);
  for (std::size_t i = 0; i < leaves; ++i) t.capacity.push_back(1e6 + 1e8 * random.uniform());
  const double scale = 0.2 + random.uniform();
  for (int i = 0; i < 3; ++i) {
    t.capacity.push_back(1e8 * static_cast<double>(leaves) * scale * random.uniform());
  }
  if (shape == 5) t.capacity[leaves + 1] = t.capacity[leaves + 2] = 3e9;
  const std::size_t hub = leaves;
  const std::size_t classes = 1 + pick(random, 8);
  for (std::size_t i = 0; i < 3 * leaves; ++i) {
    const std::size_t leaf = i % leaves;
    Way way{{}, random_latency(random, classes)};
    if (shape == 0 || shape == 6) way.links = {leaf, hub};
    if (shape == 1) way.links = random.below(3) == 0 ? std::vector{leaf} : std::vector{leaf, hub};
    if (shape == 2) way.links = {leaf, hub + pick(random, 2)};
    if (shape == 3) way.links = {leaf, hub + 1 + leaf % 2, hub};
    if (shape == 5) way.links = {leaf, hub, hub + 1 + pick(random, 2)};
    if (shape == 4) {
      for (std::size_t l = 0; l < t.capacity.size(); ++l) {
        if (random.below(3) == 0) way.links.push_back(l);
      }
    }
    t.ways.push_back(way);
  }
  return t;
}

class History {
 public:
  History(std::uint64_t seed, int shape)
      : random_(seed), topology_(random_topology(random_, shape)) {
    truth_.capacity = topology_.capacity;
    const NodeId node = kernel_.add_node({});
    for (const double c : topology_.capacity)
      links_.push_back(kernel_.add_link({.bytes_per_s = c}));
    for (const Way& way : topology_.ways) {
      std::vector<LinkId> links;
      for (const std::size_t l : way.links) links.push_back(links_[l]);
      routes_.push_back(kernel_.add_route(node, node, links, way.latency));
    }
    mean_gap_s_ = std::exp(random_.uniform() * 6) * 1e-5;
  }

  void play() {
    Recorder sink{kernel_};
    sink.begin = [&] { kernel_.after(picoseconds(1), token(kAct)); };
    sink.react = [&](Token t, Outcome outcome) {
      EXPECT_EQ(outcome, Outcome::ok);
      if (t.index == kAct) act();
      if (t.index == kArrive) arrive();
      if (t.index >= kFlow) end(t.index - kFlow);
    };
    kernel_.run(sink);
    truth_.advance(1e6);
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      ASSERT_TRUE(flows_[i].end_ps.has_value()) << i;
      if (!flows_[i].cancelled) expect_same_end(i);
    }
  }

 private:
  static constexpr std::uint32_t kAct = 0, kArrive = 1, kFlow = 2;
  struct Flow {
    Handle handle;
    std::size_t way;
    double bytes;
    std::optional<std::int64_t> end_ps = {};
    std::optional<std::size_t> truth = {};
    bool cancelled = false;
  };

  // Whole ps, rounded up; 1e-11 of the time for the rounding of the two computations.
  void expect_same_end(std::size_t i) {
    ASSERT_TRUE(flows_[i].truth.has_value());
    const double end_s = truth_.flows[*flows_[i].truth].end;
    const double ours_s = static_cast<double>(*flows_[i].end_ps) * 1e-12;
    EXPECT_NEAR(ours_s, end_s, 3e-12 + 1e-11 * end_s) << "flow " << i;
  }

  double now_s() const { return to_seconds(kernel_.now()); }

  void act() {
    truth_.advance(now_s());
    expect_same_rates();
    const std::uint64_t what = random_.below(20);
    if (what == 0) {
      const std::size_t l = pick(random_, links_.size());
      truth_.capacity[l] *= 0.5 + random_.uniform();
      kernel_.set_link_bandwidth(links_[l], truth_.capacity[l]);
    } else if (what <= 2 && !flows_.empty()) {
      cancel(pick(random_, flows_.size()));
    } else {
      const std::size_t way = pick(random_, routes_.size());
      const double bytes = random_.exponential() * 3e5 + 1;
      const auto id = static_cast<std::uint32_t>(flows_.size());
      flows_.push_back({kernel_.send(routes_[way], bytes, token(kFlow + id)), way, bytes});
      arriving_.push_back({kernel_.now() + topology_.ways[way].latency, id});
      kernel_.after(topology_.ways[way].latency, token(kArrive));
    }
    if (++acts_ < 150)
      kernel_.after(from_seconds(mean_gap_s_ * random_.exponential()), token(kAct));
  }

  // Those whose latency is over now begin to share.
  void arrive() {
    truth_.advance(now_s());
    for (const auto& [at, id] : arriving_) {
      Flow& flow = flows_[id];
      if (at != kernel_.now() || flow.truth || flow.cancelled) continue;
      const Way& way = topology_.ways[flow.way];
      flow.truth = truth_.flows.size();
      truth_.flows.push_back({way.links, to_seconds(way.latency), flow.bytes});
    }
  }

  void end(std::size_t i) {
    EXPECT_FALSE(flows_[i].end_ps.has_value()) << "told twice";
    flows_[i].end_ps = to_ps(kernel_.now());
  }

  void cancel(std::size_t i) {
    Flow& flow = flows_[i];
    const Cancelled answer = kernel_.cancel(flow.handle);
    EXPECT_EQ(answer.found, !flow.end_ps.has_value());
    if (!answer.found) return;
    const double left = flow.truth ? truth_.flows[*flow.truth].bytes : flow.bytes;
    EXPECT_NEAR(answer.remaining, left, 1e-2 + 1e-9 * flow.bytes);
    flow.cancelled = true;
    flow.end_ps = to_ps(kernel_.now());
    if (flow.truth) truth_.flows[*flow.truth].done = true;
  }

  void expect_same_rates() {
    for (const Flow& flow : flows_) {
      if (flow.end_ps || !flow.truth || truth_.flows[*flow.truth].done) continue;
      if (truth_.flows[*flow.truth].rate == 0) continue;  // began at this very date
      const double rate = truth_.flows[*flow.truth].rate;
      EXPECT_NEAR(kernel_.rate(flow.handle), rate, 1e-9 * rate);
    }
  }

  Random random_;
  Topology topology_;
  NativeKernel kernel_;
  BruteForceSharing truth_;
  std::vector<LinkId> links_;
  std::vector<RouteId> routes_;
  std::vector<Flow> flows_;
  std::vector<std::pair<Time, std::uint32_t>> arriving_;
  double mean_gap_s_ = 0;
  int acts_ = 0;
};

class SharingOverRandomHistories : public testing::TestWithParam<int> {};

TEST_P(SharingOverRandomHistories, GivesTheRatesAndEndsOfARefillPerTransfer) {
  for (std::uint64_t seed = 1; seed <= 60 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    History(seed, GetParam()).play();
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, SharingOverRandomHistories, testing::Range(0, 7));

}  // namespace
}  // namespace lbsim::kernel
