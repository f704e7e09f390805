#include "core/math.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"

namespace lbsim {
namespace {

// |a - b| in units in the last place of b.
double ulps(double a, double b) {
  return std::fabs(a - b) / (std::nextafter(std::fabs(b), INFINITY) - std::fabs(b));
}

TEST(ExactLog, IsWithinOneUlpOfTheTruthFromTheSmallestToTheLargestNumber) {
  Random random(1);
  for (int i = 0; i < 200'000; ++i) {
    const double x =
        std::ldexp(random.uniform() + 0.5, static_cast<int>(random.below(2090)) - 1070);
    if (x == 0 || x == 1) continue;
    EXPECT_LE(ulps(exact_log(x), static_cast<double>(std::log(static_cast<long double>(x)))), 1.0)
        << x;
  }
  EXPECT_EQ(exact_log(1.0), 0.0);
  EXPECT_EQ(exact_log(0.0), -INFINITY);
  EXPECT_TRUE(std::isnan(exact_log(-1.0)));
}

TEST(ExactExp, IsWithinOneUlpOfTheTruthOverItsWholeRange) {
  Random random(2);
  for (int i = 0; i < 200'000; ++i) {
    const double x = (random.uniform() - 0.5) * 1400;
    if (x > 709 || x < -708) continue;
    EXPECT_LE(ulps(exact_exp(x), static_cast<double>(std::exp(static_cast<long double>(x)))), 1.0)
        << x;
  }
  EXPECT_EQ(exact_exp(0.0), 1.0);
  EXPECT_EQ(exact_exp(800), INFINITY);
  EXPECT_EQ(exact_exp(-800), 0.0);
}

TEST(NormalQuantile, InvertsTheNormalDistributionFunction) {
  for (const double p : {1e-300, 1e-20, 1e-6, 0.01, 0.2, 0.5, 0.8, 0.975, 0.999999}) {
    const long double x = normal_quantile(p);
    const long double back = 0.5L * std::erfc(-x / std::sqrt(2.0L));
    EXPECT_NEAR(static_cast<double>(back / p), 1.0, 1e-12) << p;
  }
}

}  // namespace
}  // namespace lbsim
