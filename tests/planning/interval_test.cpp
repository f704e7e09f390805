#include "planning/interval.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"
#include "planning/warm_up.hpp"

namespace lbsim::planning {
namespace {

using ::testing::ElementsAre;

// Tables of Student's t, two-sided 95 %.
TEST(Interval, StudentsQuantilesAreThoseOfTheTables) {
  EXPECT_NEAR(student_t_quantile(0.975, 1), 12.7062047, 1e-7);
  EXPECT_NEAR(student_t_quantile(0.975, 9), 2.26215716, 1e-8);
  EXPECT_NEAR(student_t_quantile(0.975, 19), 2.09302405, 1e-8);
  EXPECT_NEAR(student_t_quantile(0.975, 1e6), 1.95996636, 1e-7);
}

// 1, 2, 3, 4: mean 2.5, variance 5/3, t of 3 degrees 3.182446.
TEST(Interval, OfAMeanIsStudents) {
  const Interval interval = mean_interval({1, 2, 3, 4});
  EXPECT_DOUBLE_EQ(interval.estimate, 2.5);
  EXPECT_NEAR(interval.half_width, 3.182446305 * std::sqrt(5.0 / 3 / 4), 1e-8);
  EXPECT_FALSE(interval.covers(5));
  EXPECT_TRUE(interval.covers(0.5));
  EXPECT_TRUE(interval.excludes_zero());
}

TEST(Interval, OfOneValueIsNotKnown) {
  EXPECT_TRUE(std::isinf(mean_interval({3}).half_width));
  EXPECT_EQ(p_value_of_zero({3}), 1);
}

TEST(Interval, ExcludesZeroJustWhenThePValueIsBelowFivePercent) {
  Random random(1, "test/interval");
  int real = 0;
  for (int i = 0; i < 1000; ++i) {
    std::vector<double> values;
    for (int k = 0; k < 5; ++k) values.push_back(random.normal() + 0.5);
    EXPECT_EQ(mean_interval(values).excludes_zero(), p_value_of_zero(values) < 0.05);
    real += mean_interval(values).excludes_zero() ? 1 : 0;
  }
  EXPECT_GT(real, 50);
  EXPECT_LT(real, 950);
}

// 1,000 intervals of five normal values: 950 +- 4 x 6.9 cover the mean.
TEST(Interval, CoversTheMeanInNineteenOfTwentyCases) {
  Random random(2, "test/interval");
  int covered = 0;
  for (int i = 0; i < 1000; ++i) {
    std::vector<double> values;
    for (int k = 0; k < 5; ++k) values.push_back(random.normal());
    covered += mean_interval(values).covers(0) ? 1 : 0;
  }
  EXPECT_NEAR(covered, 950, 28);
}

// Holm's steps for four hypotheses: 0.0125, 0.0167, 0.025, 0.05.
TEST(Holm, RejectsFromTheSmallestUntilOneIsTooLarge) {
  EXPECT_THAT(holm_rejects({0.01, 0.04, 0.03, 0.005}), ElementsAre(true, false, false, true));
  EXPECT_THAT(holm_rejects({0.013, 0.013, 0.013, 0.013}), ElementsAre(false, false, false, false));
  EXPECT_THAT(holm_rejects({0.01, 0.016, 0.02, 0.04}), ElementsAre(true, true, true, true));
  EXPECT_THAT(holm_rejects({}), ElementsAre());
}

// Twenty hypotheses that are true: some rejected in 5 % of experiments at most; plainly in 64 %.
TEST(Holm, KeepsTheChanceOfAnyFalseDifference) {
  Random random(3, "test/holm");
  int false_alarms = 0;
  for (int i = 0; i < 1000; ++i) {
    std::vector<double> p_values;
    for (int k = 0; k < 20; ++k) p_values.push_back(random.uniform());
    for (const bool rejects : holm_rejects(p_values)) {
      if (!rejects) continue;
      ++false_alarms;
      break;
    }
  }
  EXPECT_NEAR(false_alarms, 49, 4 * 6.9);
}

std::vector<double> series(std::size_t n, std::size_t biased, double bias, std::uint64_t seed) {
  Random random(seed, "test/warm_up");
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(random.normal() + (i < biased ? bias : 0));
  return values;
}

TEST(WarmUp, IsCutOffWhereItEnds) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto cut = mser5(series(400, 60, -10, seed));
    ASSERT_TRUE(cut);
    EXPECT_GE(*cut, 60u);
    EXPECT_LE(*cut, 200u);
  }
}

TEST(WarmUp, OfASeriesThatIsSteadyIsShort) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    sum += static_cast<double>(mser5(series(400, 0, 0, seed)).value_or(400)) / 50;
  }
  EXPECT_LT(sum, 80);
}

TEST(WarmUp, ThatDoesNotEndInTheFirstHalfIsNoWarmUp) {
  std::vector<double> growing;
  for (int i = 0; i < 400; ++i) growing.push_back(i);
  EXPECT_FALSE(mser5(growing));
  EXPECT_FALSE(mser5(series(400, 300, -10, 1)));
  EXPECT_FALSE(mser5(series(49, 0, 0, 1)));  // nine batches
}

}  // namespace
}  // namespace lbsim::planning
