#include "metrics/fairness.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace lbsim {
namespace {

TEST(Fairness, IsOfPicksByWeightAndLeavesOutServersWithout) {
  const Fairness f = fairness_of(std::vector<std::uint64_t>{20, 10, 7}, {2, 1, 0});
  EXPECT_DOUBLE_EQ(f.jain, 1);
  EXPECT_DOUBLE_EQ(f.max_over_mean, 1);
  EXPECT_DOUBLE_EQ(f.cv, 0);
}

TEST(Fairness, OfLoadsThatAreNoCounts) {
  const Fairness f = fairness_of(std::vector<double>{0.5, 0, 0, 0});
  EXPECT_DOUBLE_EQ(f.jain, 0.25);
  EXPECT_DOUBLE_EQ(f.max_over_mean, 4);
  EXPECT_DOUBLE_EQ(f.cv, std::sqrt(3.0));
}

TEST(Gini, IsNothingForEqualLoadsAndNearlyOneIfOneHasAll) {
  EXPECT_DOUBLE_EQ(gini_of({3, 3, 3}), 0);
  EXPECT_DOUBLE_EQ(gini_of({0, 0, 7, 0}), 0.75);
  EXPECT_DOUBLE_EQ(gini_of({40, 10, 30, 20}), 0.25);
  EXPECT_DOUBLE_EQ(gini_of({}), 0);
}

}  // namespace
}  // namespace lbsim
