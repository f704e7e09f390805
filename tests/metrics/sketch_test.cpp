#include "metrics/sketch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/random.hpp"

namespace lbsim {
namespace {

// Nearest rank: the smallest value with at least q * n at or below it.
double exact_quantile_s(const std::vector<std::int64_t>& sorted_ps, double q) {
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted_ps.size())));
  return static_cast<double>(sorted_ps[std::max<std::size_t>(rank, 1) - 1]) * 1e-12;
}

TEST(LatencySketch, GivesEveryPercentileWithinItsStatedErrorAtEveryScale) {
  Random random(1, "latencies");
  for (double scale_ps = 10; scale_ps < 1e17; scale_ps *= 10) {
    LatencySketch sketch;
    std::vector<std::int64_t> all;
    for (int i = 0; i < 5000; ++i) {
      all.push_back(static_cast<std::int64_t>(scale_ps * random.exponential()));
      sketch.add(Duration{all.back()});
    }
    std::sort(all.begin(), all.end());
    for (const double q : {0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1.0}) {
      const double exact = exact_quantile_s(all, q);
      EXPECT_NEAR(sketch.quantile_s(q), exact, exact * LatencySketch::kRelativeError + 1e-15)
          << scale_ps << " ps, q " << q;
    }
  }
}

TEST(LatencySketch, KnowsMeanCountAndMaximumExactly) {
  LatencySketch sketch;
  for (int i = 1; i <= 1000; ++i) sketch.add(microseconds(i) + picoseconds(999));
  EXPECT_EQ(sketch.count(), 1000u);
  EXPECT_EQ(sketch.max(), milliseconds(1) + picoseconds(999));
  EXPECT_DOUBLE_EQ(sketch.mean_s(), 500.5e-6 + 999e-12);
}

TEST(LatencySketch, AddsUpMeansThatWouldOverflowPicoseconds) {
  LatencySketch sketch;  // 1,000 times 10 days: 8.6e8 s, more than 2^63 ps
  for (int i = 0; i < 1000; ++i) sketch.add(seconds(864'000));
  EXPECT_DOUBLE_EQ(sketch.mean_s(), 864'000);
}

TEST(LatencySketch, MergesToWhatOneSketchOfBothWouldBe) {
  Random random(2, "latencies");
  LatencySketch a;
  LatencySketch b;
  LatencySketch both;
  for (int i = 0; i < 10'000; ++i) {
    const Duration d = from_seconds(0.01 * random.exponential());
    (i % 3 == 0 ? a : b).add(d);
    both.add(d);
  }
  a.merge(b);
  EXPECT_EQ(a.counts(), both.counts());
  EXPECT_EQ(a.mean_s(), both.mean_s());
  EXPECT_EQ(a.max(), both.max());
}

TEST(LatencySketch, TellsTheShareWithinALimit) {
  LatencySketch sketch;
  for (int i = 1; i <= 100; ++i) sketch.add(milliseconds(i));
  EXPECT_DOUBLE_EQ(sketch.share_within(milliseconds(30)), 0.3);
  EXPECT_DOUBLE_EQ(sketch.share_within(seconds(1)), 1);
  EXPECT_DOUBLE_EQ(LatencySketch().share_within(seconds(1)), 1);
}

TEST(LatencySketch, IsZeroWhenEmpty) {
  EXPECT_EQ(LatencySketch().quantile_s(0.5), 0);
  EXPECT_EQ(LatencySketch().mean_s(), 0);
}

}  // namespace
}  // namespace lbsim
