#include "planning/queueing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace lbsim::planning {
namespace {

// Kleinrock's tables: two servers at one erlang refuse (1/2) / (1 + 1 + 1/2).
TEST(Queueing, ErlangBIsTheShareThatFindsAllServersBusy) {
  EXPECT_NEAR(share_refused(2, 2, 1), 0.2, 1e-12);
  EXPECT_NEAR(share_refused(1, 1, 3), 0.75, 1e-12);
}

TEST(Queueing, ARoomOfMillionsRefusesWhatTheServersCannotDo) {
  EXPECT_NEAR(share_refused(4, 1'000'000, 5), 1 - 4.0 / 5, 1e-9);
  EXPECT_NEAR(share_refused(4, 1'000'000, 3), 0, 1e-12);
}

TEST(Queueing, SigmaOfAPoissonStreamIsTheLoad) {
  EXPECT_NEAR(sigma_of_every_nth(1, 0.7, 1), 0.7, 1e-12);
}

TEST(Queueing, SigmaSolvesItsEquationAndFallsAsArrivalsGrowEven) {
  const double sigma = sigma_of_every_nth(3, 2.4, 1);
  EXPECT_NEAR(std::pow(2.4 / (2.4 + 1 - sigma), 3), sigma, 1e-12);
  EXPECT_GT(sigma, sigma_of_every_nth(30, 24, 1));
  EXPECT_NEAR(sigma_of_every_nth(20'000, 16'000, 1), sigma_of_even(1.25, 1), 1e-4);
}

TEST(Queueing, NoOtherSharesAreBetterThanTheBest) {
  const std::vector<double> rates = {2, 1, 1};
  const std::vector<double> best = best_shares(rates, 3);
  EXPECT_NEAR(std::accumulate(best.begin(), best.end(), 0.0), 1, 1e-12);
  const double mean = mean_sojourn_of_split(rates, best, 3);
  for (const double step : {-0.01, 0.01}) {
    EXPECT_GT(mean_sojourn_of_split(rates, {best[0] + step, best[1] - step, best[2]}, 3), mean);
    EXPECT_GT(mean_sojourn_of_split(rates, {best[0], best[1] - step, best[2] + step}, 3), mean);
  }
}

TEST(Queueing, AServerThatIsTooSlowGetsNothing) {
  const std::vector<double> best = best_shares({10, 0.1}, 2);
  EXPECT_EQ(best[1], 0);
  EXPECT_NEAR(best[0], 1, 1e-12);
}

TEST(Queueing, OneChoiceIsAnMM1QueueAndTwoAreShorter) {
  EXPECT_NEAR(share_at_least(1, 0.9, 3), 0.729, 1e-12);
  EXPECT_NEAR(mean_sojourn_of_choices(1, 0.5), 2, 1e-12);
  EXPECT_NEAR(share_at_least(2, 0.9, 2), std::pow(0.9, 3), 1e-12);
  EXPECT_LT(mean_sojourn_of_choices(2, 0.9), 3);
}

}  // namespace
}  // namespace lbsim::planning
