#include "workload/rounding.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace lbsim::workload {
namespace {

TEST(Quotient, EqualsTheProcessorsDivisionOfNumbersThatDoublesHold) {
  Random random(1);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t a = random.bits() >> (11 + random.below(50));
    const std::uint64_t b = 1 + (random.bits() >> (12 + random.below(50)));
    ASSERT_EQ(quotient(a, b), static_cast<double>(a) / static_cast<double>(b)) << a << "/" << b;
  }
}

TEST(Quotient, RoundsOnlyOnceWhereConversionBeforeDivisionRoundsTwice) {
  // (2^53 + 1) / 1 lies midway: to even. (2^54 + 2) * 3 + 1 over 3 lies just above midway: up.
  EXPECT_EQ(quotient((Wide{1} << 53) + 1, 1), 0x1p53);
  EXPECT_EQ(quotient(((Wide{1} << 54) + 2) * 3 + 1, 3), 0x1p54 + 4);
}

TEST(RoundTo, LooksAtTheExactDecimalValueNotAtItsPrintedForm) {
  EXPECT_EQ(round_to(2.675, 2), 2.67);  // the double is 2.67499999999999982236431605997495353...
  EXPECT_EQ(round_to(0.125, 2), 0.12);  // a true tie goes to even
  EXPECT_EQ(round_to(0.375, 2), 0.38);
}

}  // namespace
}  // namespace lbsim::workload
