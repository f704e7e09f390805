// SLOs: how they are read, and how a run's windows are held to them.
#include "planning/slo.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "../site/sites.hpp"
#include "core/error.hpp"
#include "planning/metric.hpp"

namespace lbsim::planning {
namespace {

using namespace lbsim::testing;

std::string metric_of(const SloLimit& limit) { return std::string(metrics()[limit.metric].name); }

std::string error_of(const std::string& text) {
  try {
    parse_slo(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

// `ok` requests that took 1 ms, 2 ms, ..., and `failed` ones.
WindowCounts window_of(int ok, int failed) {
  WindowCounts window;
  window.ended = static_cast<std::uint64_t>(ok + failed);
  for (int i = 1; i <= ok; ++i) window.latency.add(milliseconds(i));
  return window;
}

TEST(Slo, IsAListOfLimitsWithUnits) {
  const Slo slo = parse_slo("p99<=300ms, errors <= 0.1%,mean<=0.2s,p999<=1s");
  ASSERT_EQ(slo.limits.size(), 4u);
  EXPECT_EQ(metric_of(slo.limits[0]), "p99");
  EXPECT_DOUBLE_EQ(slo.limits[0].limit, 300);
  EXPECT_EQ(metric_of(slo.limits[1]), "errors");
  EXPECT_DOUBLE_EQ(slo.limits[1].limit, 0.1);
  EXPECT_DOUBLE_EQ(slo.limits[2].limit, 200);
  EXPECT_EQ(parse_slo_window("5m"), seconds(300));
  EXPECT_EQ(parse_slo_window("day"), Duration{});
}

TEST(Slo, ThatCannotBeReadSaysWhatWouldBeRight) {
  EXPECT_NE(error_of("p98<=300ms").find("there is no metric \"p98\""), std::string::npos);
  EXPECT_NE(error_of("erors<=0.1%").find("did you mean errors?"), std::string::npos);
  EXPECT_NE(error_of("p99<300ms").find("cannot read \"p99<300ms\""), std::string::npos);
  EXPECT_NE(error_of("p99<=300").find("unit"), std::string::npos);
  EXPECT_NE(error_of("errors<=3ms").find("--slo errors"), std::string::npos);
  EXPECT_NE(error_of("errors<=-1%"), "");
  EXPECT_NE(error_of("p99<=0ms"), "");
  EXPECT_NE(error_of("p99<=300ms,"), "");
  EXPECT_NE(error_of(""), "");
  EXPECT_NE(error_of("utilization<=50%"), "") << "known to sweeps, but no promise to users";
  EXPECT_THROW(parse_slo_window("5"), InputError);
  EXPECT_THROW(parse_slo_window("0s"), InputError);
}

// 1 .. 100 ms: p90 is 90 ms by nearest rank, the mean 50.5 ms.
TEST(Slo, SumsAboveZeroExactlyWhereTheLimitIsExceeded) {
  const WindowCounts window = window_of(100, 0);
  const auto over = [&](const std::string& text) {
    const SloLimit limit = parse_slo(text).limits.front();
    return excess_of(limit, window) > 1e-9;
  };
  EXPECT_FALSE(over("p90<=90.5ms"));
  EXPECT_TRUE(over("p90<=89.5ms"));
  EXPECT_FALSE(over("mean<=50.6ms"));
  EXPECT_TRUE(over("mean<=50.4ms"));
  EXPECT_FALSE(over("max<=100.5ms"));
  EXPECT_TRUE(over("max<=99.5ms"));
  const SloLimit errors = parse_slo("errors<=1%").limits.front();
  EXPECT_NEAR(excess_of(errors, window_of(99, 1)), 0, 1e-9);
  EXPECT_NEAR(excess_of(errors, window_of(98, 2)), 1, 1e-9);
  EXPECT_DOUBLE_EQ(value_of(errors, window_of(98, 2)), 2);
}

TEST(Slo, IsNotKeptByAnsweringFew) {
  const auto excess = [](const std::string& text, const WindowCounts& window) {
    return excess_of(parse_slo(text).limits.front(), window);
  };
  const auto value = [](const std::string& text, const WindowCounts& window) {
    return value_of(parse_slo(text).limits.front(), window);
  };
  // 90 answers of 1 to 90 ms and 10 failures: nine of ten are within 90 ms, and no more ever.
  EXPECT_LE(excess("p90<=90.5ms", window_of(90, 10)), 1e-9);
  EXPECT_NEAR(value("p90<=90.5ms", window_of(90, 10)), 90, 0.1);
  EXPECT_GT(excess("p95<=9s", window_of(90, 10)), 1);
  EXPECT_EQ(value("p95<=9s", window_of(90, 10)), std::numeric_limits<double>::infinity());
  for (const char* text : {"mean<=9s", "p50<=9s", "p99<=9s", "max<=9s"}) {
    EXPECT_GT(excess(text, window_of(0, 10)), 0) << text;
    EXPECT_EQ(limit_text(parse_slo(text).limits[0], value(text, window_of(0, 10))),
              std::string(text).replace(std::string(text).find("<="), std::string::npos,
                                        " no answer > 9000 ms"));
  }
}

TEST(Slo, IsHeldToEveryWindowAndTheWorstIsTold) {
  RunResult result;
  Recorder& recorder = result.recorder;
  recorder.record_windows(kTimeZero + seconds(10), seconds(100), 3);
  const auto request = [&](int at_s, int latency_ms, RequestOutcome outcome) {
    const Time asked = kTimeZero + seconds(at_s);
    recorder.generated();
    recorder.ended(outcome, asked, asked + milliseconds(latency_ms));
  };
  request(5, 9000, RequestOutcome::ok);  // warm-up
  request(20, 10, RequestOutcome::ok);   // first window
  request(109, 40, RequestOutcome::ok);
  request(110, 80, RequestOutcome::ok);       // second: asked in it, ended later
  request(210, 20, RequestOutcome::timeout);  // third
  request(330, 30, RequestOutcome::ok);       // after its end: still the last
  result.simulated_s = 340;
  ASSERT_EQ(recorder.windows().size(), 3u);
  EXPECT_EQ(recorder.windows()[0].ended, 2u);
  EXPECT_EQ(recorder.windows()[1].ended, 1u);
  EXPECT_EQ(recorder.windows()[2].ended, 2u);
  EXPECT_TRUE(judge(parse_slo("max<=80.5ms"), result).holds);
  const SloVerdict slow = judge(parse_slo("max<=79ms,errors<=60%"), result);
  EXPECT_FALSE(slow.holds);
  EXPECT_EQ(slow.from_s, 110);
  EXPECT_EQ(slow.to_s, 210);
  EXPECT_EQ(limit_text(slow.limit, 80), "max 80 ms > 79 ms");
  const SloVerdict failing = judge(parse_slo("errors<=10%"), result);
  EXPECT_EQ(failing.from_s, 210);
  EXPECT_EQ(failing.to_s, 340);
  EXPECT_DOUBLE_EQ(failing.value, 50);
}

TEST(Slo, WindowsTogetherHoldWhatTheRunHolds) {
  RunPlan p = plan({servers(1, 1)}, 40, 1, 100);
  const RunResult without = lbsim::testing::run(p);
  p.windows = WindowsPlan{{}, seconds(30)};
  const RunResult with = lbsim::testing::run(p);
  EXPECT_EQ(to_json(with), to_json(without));
  ASSERT_EQ(with.recorder.windows().size(), 3u) << "10 s are less than half a window";
  LatencySketch all;
  std::uint64_t ended = 0;
  for (const WindowCounts& window : with.recorder.windows()) {
    all.merge(window.latency);
    ended += window.ended;
  }
  EXPECT_EQ(ended, with.recorder.generated_count());
  EXPECT_EQ(all.count(), with.recorder.latency().count());
  EXPECT_EQ(all.quantile_s(0.99), with.recorder.latency().quantile_s(0.99));
}

}  // namespace
}  // namespace lbsim::planning
