#include "conform/replay.hpp"

#include <gtest/gtest.h>

#include "conform/chi_square.hpp"

namespace lbsim::conform {
namespace {

TEST(Replay, TellsTheFirstMismatchOnlyWithTheStateBeforeItLineByLine) {
  Replay replay;
  replay.compare("events[0]", "a", "a", "first");
  replay.compare("events[1]", "a", "b", "one\ntwo\n");
  replay.differs("events[2] counters", "1", "2", "later");
  EXPECT_EQ(replay.matched, 1u);
  EXPECT_EQ(replay.total, 3u);
  const std::vector<std::string> expected = {"events[1]: expected a, got b",
                                             "state before:", "  one", "  two"};
  EXPECT_EQ(replay.details, expected);
}

TEST(Replay, CountsAllRandomPicksOrNoneOfThem) {
  Replay accepted;
  accepted.compare_distribution(50, 2e-6, "test");
  EXPECT_EQ(accepted.matched, 50u);
  Replay refuted;
  refuted.compare_distribution(50, 1e-6, "test");
  EXPECT_EQ(refuted.matched, 0u);
  EXPECT_EQ(refuted.total, 50u);
  EXPECT_EQ(refuted.details.size(), 1u);
}

// Pearson: sum of (seen - expected)^2 / expected over the 2 x k table. For (10, 30) and (20, 20)
// the expected counts are (15, 25) twice: 2 (25/15 + 25/25) = 16/3, with one degree of freedom.
TEST(ChiSquare, IsPearsonsStatisticOfHomogeneity) {
  ChiSquare test;
  test.add({10, 0, 30}, {20, 0, 20});
  EXPECT_NEAR(test.statistic, 16.0 / 3, 1e-12);
  EXPECT_EQ(test.degrees, 1);
}

// Independent tests add up, statistics and degrees; a sample without counts says nothing.
TEST(ChiSquare, AddsUpOverPairsOfSamples) {
  ChiSquare test;
  test.add({10, 30}, {20, 20});
  test.add({7, 7, 7}, {70, 70, 70});
  test.add({0, 0}, {5, 5});
  EXPECT_NEAR(test.statistic, 16.0 / 3, 1e-12);
  EXPECT_EQ(test.degrees, 3);
}

}  // namespace
}  // namespace lbsim::conform
