#include "metrics/timeline.hpp"

#include <gtest/gtest.h>

#include "metrics/recorder.hpp"

namespace lbsim {
namespace {

Time at(double s) { return Time{from_seconds(s)}; }

TEST(Timeline, CountsOutcomesInTheIntervalInWhichTheyEnd) {
  Timeline timeline(from_seconds(5));
  timeline.ended(RequestOutcome::ok, from_seconds(0.1), at(4.999));
  timeline.ended(RequestOutcome::ok, from_seconds(0.3), at(5));
  timeline.ended(RequestOutcome::refused, from_seconds(0.3), at(5));
  timeline.close();
  ASSERT_EQ(timeline.intervals().size(), 2u);
  EXPECT_EQ(timeline.intervals()[0].outcomes[0], 1u);
  EXPECT_EQ(timeline.intervals()[1].outcomes[0], 1u);
  EXPECT_EQ(timeline.intervals()[1].outcomes[static_cast<int>(RequestOutcome::refused)], 1u);
}

TEST(Timeline, HasEmptyIntervalsWhereNothingEnds) {
  Timeline timeline(from_seconds(1));
  timeline.ended(RequestOutcome::ok, from_seconds(0.1), at(3.5));
  timeline.close();
  ASSERT_EQ(timeline.intervals().size(), 4u);
  EXPECT_EQ(timeline.intervals()[1].p99_s, 0);
  EXPECT_NEAR(timeline.intervals()[3].p99_s, 0.1, 0.1 * LatencySketch::kRelativeError);
}

TEST(Timeline, LeavesFailuresOutOfLatencies) {
  Timeline timeline(from_seconds(1));
  timeline.ended(RequestOutcome::ok, from_seconds(0.1), at(0.5));
  timeline.ended(RequestOutcome::timeout, from_seconds(8), at(0.6));
  timeline.close();
  EXPECT_DOUBLE_EQ(timeline.intervals()[0].max_s, 0.1);
  EXPECT_DOUBLE_EQ(timeline.intervals()[0].mean_s, 0.1);
}

TEST(Timeline, CutsWindowsIntoRoundIntervals) {
  EXPECT_EQ(to_seconds(interval_for(60)), 1);
  EXPECT_EQ(to_seconds(interval_for(900)), 5);
  EXPECT_EQ(to_seconds(interval_for(3600)), 10);
  EXPECT_EQ(to_seconds(interval_for(86400)), 300);
}

TEST(Recorder, KeepsATimelineOnlyIfAsked) {
  Recorder recorder;
  recorder.ended(RequestOutcome::ok, at(0), at(0.2));
  EXPECT_FALSE(recorder.timeline());
  recorder.keep_timeline(from_seconds(1));
  recorder.ended(RequestOutcome::ok, at(0), at(0.2));
  recorder.close();
  EXPECT_EQ(recorder.timeline()->intervals()[0].outcomes[0], 1u);
}

}  // namespace
}  // namespace lbsim
