#include "planning/availability.hpp"

#include <gtest/gtest.h>

namespace lbsim::planning {
namespace {

TEST(Availability, IsTheShareOfTheTimeThatAMachineIsUp) {
  EXPECT_DOUBLE_EQ(availability(99, 1), 0.99);
}

TEST(Availability, OfAGroupCountsTheWaysToHaveEnough) {
  EXPECT_NEAR(availability_of_group(0.9, 3, 3), 0.729, 1e-15);
  EXPECT_NEAR(availability_of_group(0.9, 3, 2), 0.729 + 3 * 0.081, 1e-15);
  EXPECT_DOUBLE_EQ(availability_of_group(0.9, 3, 0), 1);
}

TEST(Availability, KeepsTheDigitsOfManyNines) {
  EXPECT_NEAR((1 - availability_of_group(0.999, 5, 1)) / 1e-15, 1, 0.12);
}

}  // namespace
}  // namespace lbsim::planning
