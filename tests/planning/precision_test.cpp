#include "planning/precision.hpp"

#include "core/error.hpp"
#include "planning/batch_means.hpp"
#include "steady_sites.hpp"

namespace lbsim::planning {
namespace {

using namespace lbsim::testing;

RunSeries series_of(KnownSite site, double length_s) {
  RunSeries series(from_seconds(length_s / 390));
  site.plan.observe = [&](Time now, const Recorder& recorder) {
    if (now > kTimeZero) series.observe(recorder);
    return series.step();
  };
  run(site.plan);
  return series;
}

TEST(RunSeries, HoldsWhatTheRecorderHolds) {
  KnownSite site = one_queue(0.5, 100);
  RunSeries series(from_seconds(0.05));  // 2,000 steps: windows become longer on the way
  site.plan.observe = [&](Time now, const Recorder& recorder) {
    if (now > kTimeZero) series.observe(recorder);
    return series.step();
  };
  const RunResult r = run(site.plan);
  EXPECT_EQ(series.step(), from_seconds(0.4));
  std::uint64_t ended = 0;
  double sum_s = 0;
  for (const SeriesWindow& w : series.windows()) {
    ended += w.ended;
    sum_s += w.latency_sum_s;
    std::uint64_t in_buckets = 0;
    for (const auto& [bucket, count] : w.buckets) in_buckets += count;
    EXPECT_EQ(in_buckets, w.ok());
  }
  // All but what ended after the last look.
  EXPECT_NEAR(static_cast<double>(ended), static_cast<double>(generated(r)), 40);
  EXPECT_NEAR(sum_s / static_cast<double>(ended), r.recorder.latency().mean_s(), 1e-4);
  const auto counts = merged_counts(series.windows(), 0, series.windows().size());
  EXPECT_NEAR(quantile_s_of(counts, 0.9), r.recorder.latency().quantile_s(0.9), 1e-3);
}

TEST(RunSeries, ToLookAtARunDoesNotChangeIt) {
  KnownSite site = one_queue(0.7, 50);
  const RunResult plain = run(site.plan);
  site.plan.observe = [](Time, const Recorder&) { return milliseconds(7); };
  const RunResult watched = run(site.plan);
  EXPECT_EQ(to_json(plain), to_json(watched));
}

TEST(Estimate, SaysWhatARunIsTooShortFor) {
  const RunSeries series = series_of(one_queue(0.5, 100), 100);
  EXPECT_EQ(estimate(series, measure_named("mean", "")).lacks, "");
  EXPECT_NE(estimate(series, measure_named("p999", "")).lacks, "");  // 5 requests beyond it in all
  EXPECT_NE(estimate(series, measure_named("mean", ""), 60).lacks, "");
}

TEST(Estimate, OfARunThatOnlyGrowsIsRefused) {
  EXPECT_NE(estimate(series_of(one_queue(1.3, 200), 200), measure_named("mean", "")).lacks, "");
}

TEST(Estimate, OfErrorsWithoutAnyIsBelowThreeInAll) {
  const Estimate e = estimate(series_of(one_queue(0.5, 100), 100), measure_named("errors", ""));
  EXPECT_EQ(e.interval.estimate, 0);
  EXPECT_NEAR(e.interval.half_width, 3.0 / 5000, 3.0 / 5000 * 0.6);
}

TEST(Precision, IsReadAsMeasureAndPercent) {
  const auto goals = parse_precision("p99:2%, errors:0.05%");
  ASSERT_EQ(goals.size(), 2u);
  EXPECT_EQ(goals[0].measure.q, 0.99);
  EXPECT_DOUBLE_EQ(goals[0].half_width, 0.02);
  EXPECT_TRUE(goals[1].measure.is_share());
  EXPECT_TRUE(goals[1].is_met({0, 0.0004}));
  EXPECT_FALSE(goals[0].is_met({1, 0.03}));
  for (const char* bad :
       {"", "p99", "p98:2%", "p99:2", "p99:0%", "p99:60%", "p99:2%,", "p99:-1%"}) {
    EXPECT_THROW(parse_precision(bad), InputError) << bad;
  }
}

RunResult until_precise(KnownSite site, const std::string& wanted) {
  PrecisionWatch watch(parse_precision(wanted), site.plan.window.length_s, 0);
  site.plan.observe = [&](Time now, const Recorder& recorder) {
    return watch.observe(now, recorder);
  };
  RunResult result = run(site.plan);
  result.precision = watch.results();
  return result;
}

TEST(Precision, EndsARunWhenItIsReached) {
  const KnownSite site = one_queue(0.5, 20'000);
  const RunResult loose = until_precise(site, "mean:5%");
  const RunResult tight = until_precise(site, "mean:1.5%");
  ASSERT_TRUE(is_precise(loose) && is_precise(tight));
  EXPECT_LT(loose.simulated_s, tight.simulated_s / 2);
  EXPECT_LT(tight.simulated_s, 20'000);
  EXPECT_NEAR(tight.precision[0].estimate, site.mean_s(), 3 * tight.precision[0].half_width);
  EXPECT_LE(tight.precision[0].half_width, 0.015 * tight.precision[0].estimate);
  // What was in flight has ended, and the rates are over the time that was simulated.
  EXPECT_EQ(not_ok(tight), 0u);
  EXPECT_NEAR(static_cast<double>(generated(tight)) / tight.simulated_s, 50, 2);
}

TEST(Precision, ThatARunCannotReachIsNotClaimed) {
  const RunResult r = until_precise(one_queue(0.5, 100), "mean:0.1%");
  EXPECT_FALSE(is_precise(r));
  EXPECT_EQ(r.simulated_s, 100);
  EXPECT_NE(r.precision[0].lacks, "");
}

}  // namespace
}  // namespace lbsim::planning
