#include "fairness/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"

namespace lbsim::fairness {
namespace {

TEST(StudentsDistribution, HasItsTabulatedQuantiles) {
  // Two-sided 5 % and 0.1 % points: Fisher and Yates, "Statistical Tables", table III.
  EXPECT_NEAR(student_two_sided(12.706, 1), 0.05, 1e-5);
  EXPECT_NEAR(student_two_sided(2.228, 10), 0.05, 2e-5);
  EXPECT_NEAR(student_two_sided(4.587, 10), 0.001, 1e-6);
  EXPECT_NEAR(student_two_sided(1.980, 120), 0.05, 1e-4);
  EXPECT_DOUBLE_EQ(student_two_sided(0, 7), 1);
}

TEST(StudentsDistribution, IsExactFarOut) {
  // One degree is Cauchy's: P(|T| > t) = 1 - 2/pi atan t; two degrees: 1 - t / sqrt(2 + t^2).
  EXPECT_NEAR(student_two_sided(1e6, 1) / (2 / (M_PI * 1e6)), 1, 1e-9);
  EXPECT_NEAR(student_two_sided(1e4, 2) / 1e-8, 1, 1e-6);
}

TEST(WelchsTest, ComparesMeansOfUnequalVariances) {
  // t = (10 - 12) / sqrt(4/16 + 9/9) = -1.789, degrees 1.25^2 / (0.25^2/15 + 1/8) = 12.097.
  const double p = welch_test({10, 4, 16}, {12, 9, 9});
  EXPECT_NEAR(p, student_two_sided(2 / std::sqrt(1.25), 12.0968), 1e-6);
}

TEST(WelchsTest, KnowsNumbersThatDoNotVary) {
  EXPECT_EQ(welch_test({1, 0, 10}, {1, 0, 10}), 1);
  EXPECT_EQ(welch_test({1, 0, 10}, {2, 0, 10}), 0);
}

TEST(RankSumTest, CountsAllWaysToDrawTheRanks) {
  // Of the 10 pairs of ranks out of 5 one has the sum 3 and one the sum 9.
  EXPECT_DOUBLE_EQ(rank_sum_test({1, 2}, {3, 4, 5}), 0.2);
  EXPECT_DOUBLE_EQ(rank_sum_test({3, 4, 5}, {1, 2}), 0.2);
  // 12 all above 20: 2 of the C(32, 12) ways.
  std::vector<double> low;
  std::vector<double> high;
  for (int i = 0; i < 20; ++i) low.push_back(i);
  for (int i = 0; i < 12; ++i) high.push_back(100 + i);
  EXPECT_NEAR(rank_sum_test(high, low) / (2 / 225792840.0), 1, 1e-12);
}

TEST(RankSumTest, GivesEqualValuesTheirMeanRank) {
  EXPECT_DOUBLE_EQ(rank_sum_test({1, 1}, {1, 1, 1}), 1);
  // Midranks 1.5, 1.5, 3.5, 3.5: of 6 pairs one has the sum 3 and one 7.
  EXPECT_DOUBLE_EQ(rank_sum_test({1, 1}, {2, 2}), 2.0 / 6);
}

TEST(RankSumTest, IsRightAboutAlphaForAnyDistribution) {
  // Values 0 and 1 only, mostly 0: a test that took them for normal would not be.
  int rejected = 0;
  Random random(5);
  for (int run = 0; run < 2000; ++run) {
    std::vector<double> a(12);
    std::vector<double> b(20);
    for (double& x : a) x = random.uniform() < 0.1 ? 1 : 0;
    for (double& x : b) x = random.uniform() < 0.1 ? 1 : 0;
    rejected += rank_sum_test(a, b) <= 0.05 ? 1 : 0;
  }
  EXPECT_LE(rejected, 100 + 4 * std::sqrt(2000 * 0.05 * 0.95));
}

TEST(HolmsCorrection, IsStricterThanEachTestAndMilderThanBonferronis) {
  // Thresholds 0.05 / 4, / 3, / 2, / 1: what is above its own fails, and all above it.
  EXPECT_EQ(holm({0.016, 0.01, 0.03, 0.02}, 0.05), std::vector<bool>(4, true));
  EXPECT_EQ(holm({0.016, 0.01, 0.03, 0.026}, 0.05), (std::vector<bool>{true, true, false, false}));
  EXPECT_TRUE(holm({}, 0.05).empty());
}

}  // namespace
}  // namespace lbsim::fairness
