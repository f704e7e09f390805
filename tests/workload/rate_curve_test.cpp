#include "workload/rate_curve.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/random.hpp"
#include "temporary_file.hpp"
#include "workload/day_curve.hpp"

namespace lbsim::workload {
namespace {

TEST(RateCurve, HasMeanOneAndIntegratesToItsPeriod) {
  for (const NamedCurve& named : named_curves()) {
    const RateCurve curve = day_curve_named(named.name);
    EXPECT_DOUBLE_EQ(curve.period_s(), 86'400) << named.name;
    EXPECT_NEAR(curve.integral(0, 86'400), 86'400, 1e-8) << named.name;
    EXPECT_NEAR(curve.integral(1'000, 2 * 86'400 + 1'000), 2 * 86'400, 1e-8) << named.name;
  }
}

TEST(RateCurve, AdvanceInvertsTheIntegral) {
  const RateCurve curve({1, 0, 3, 0.5, 0, 0}, 10);
  Random random(7);
  for (int i = 0; i < 100'000; ++i) {
    const double from = random.uniform() * 1'000;
    const double area = random.exponential() * 40;
    const double to = curve.advance(from, area);
    ASSERT_GE(to, from);
    ASSERT_NEAR(curve.integral(from, to), area, 1e-9);
    ASSERT_GT(curve.rate_at(to - 1e-6) + curve.rate_at(to), 0) << "arrival in a silent slice";
  }
}

TEST(RateCurve, DrivesAPoissonProcessWhoseHourlyCountsFollowTheCurve) {
  // Counts of disjoint hours are independent Poisson with mean m_h, so that the sum of
  // (n_h - m_h)^2 / m_h over 24 hours is chi-square with 24 degrees of freedom: above 70 with
  // probability 2e-6.
  const RateCurve curve = day_curve_named("cn-portal");
  const double mean_per_s = 10;
  std::vector<double> counts(24, 0.0);
  Random random(11);
  for (double t = curve.advance(0, random.exponential() / mean_per_s); t < 86'400;
       t = curve.advance(t, random.exponential() / mean_per_s)) {
    counts[static_cast<std::size_t>(t / 3600)] += 1;
  }
  double chi_square = 0;
  for (std::size_t h = 0; h < 24; ++h) {
    const double mean = mean_per_s * 3600 * curve.rates()[h];
    chi_square += (counts[h] - mean) * (counts[h] - mean) / mean;
  }
  EXPECT_LT(chi_square, 70);
  EXPECT_GT(chi_square, 5) << "counts closer to their means than Poisson counts ever are";
}

TEST(RateCurve, FindsTheBusiestWindowAlsoAcrossSlices) {
  // Slices of half an hour: the best hour is the second and third.
  const RateCurve curve({1, 3, 4, 2, 0, 0}, 1800);
  const auto window = curve.busiest(3600);
  EXPECT_DOUBLE_EQ(window.from_s, 1800);
  EXPECT_DOUBLE_EQ(window.share, 0.7);
  EXPECT_DOUBLE_EQ(curve.busiest(1e9).share, 1);
}

TEST(RateCurve, RefusesRatesThatAreNoRates) {
  EXPECT_THROW(RateCurve({}, 1), InputError);
  EXPECT_THROW(RateCurve({0, 0}, 1), InputError);
  EXPECT_THROW(RateCurve({1, -1}, 1), InputError);
  EXPECT_THROW(RateCurve({1, std::nan("")}, 1), InputError);
}

TEST(DayCurve, OfAChinesePortalHasATenthOfTheDayFromNineToTenInTheEvening) {
  const auto window = day_curve_named("cn-portal").busiest(3600);
  EXPECT_DOUBLE_EQ(window.from_s, 21 * 3600);
  EXPECT_NEAR(window.share, 0.1, 1e-12);
}

TEST(DayCurve, EightyTwentyHasEightyPercentOfTheViewsInAFifthOfTheDay) {
  EXPECT_NEAR(day_curve_named("eighty-twenty").busiest(86'400 / 5).share, 0.8, 1e-12);
}

TEST(DayCurve, OfAWaveIsASineThroughTheDay) {
  const RateCurve curve = day_curve_of_wave(0.6, 14);
  EXPECT_NEAR(curve.rate_at(14 * 3600), 1.6, 1e-8);
  EXPECT_NEAR(curve.rate_at(2 * 3600), 0.4, 1e-8);
  constexpr double kPi = 3.14159265358979323846;
  for (int h = 0; h < 24; ++h) {
    // The integral of 1 + 0.6 cos(2 pi (t - 14 h) / 24 h) over the hour.
    const double wave = std::sin(kPi * (h + 1 - 14) / 12) - std::sin(kPi * (h - 14) / 12);
    EXPECT_NEAR(curve.integral(h * 3600, (h + 1) * 3600), 3600 + 0.6 * 43200 / kPi * wave, 1e-6);
  }
}

TEST(DayCurve, ABusyPartHasItsShareOverItsLength) {
  EXPECT_DOUBLE_EQ(busy_over_mean(0.8, 0.2),
                   day_curve_named("eighty-twenty").busiest(3600).share * 24);
}

TEST(DayCurve, NamedAfterPublishedCountsEqualsTheFoldedSeries) {
  const std::string data = LBSIM_TEST_DATA "/workloads/";
  const RateCurve cluster = day_curve_from(data + "app-cluster-2015-2018/hourly_cluster.csv.gz");
  const RateCurve named = day_curve_named("app-cluster-2015");
  ASSERT_EQ(cluster.rates().size(), 24u);
  // The file's hours are not all equally often there (1,372 to 1,377 times): hence 1 %.
  for (std::size_t h = 0; h < 24; ++h) EXPECT_NEAR(cluster.rates()[h] / named.rates()[h], 1, 0.01);
}

TEST(DayCurve, FoldsWholeDaysByTheMeanOfEachTimeOfDay) {
  // 36 hours of hourly counts: the first half of the day was seen twice.
  std::string csv = "hour,requests\n";
  for (int hour = 0; hour < 36; ++hour) {
    csv += std::to_string(hour) + "," + (hour == 3 ? "40" : hour == 27 ? "20" : "10") + "\n";
  }
  const TemporaryFile file(csv, ".csv");
  const RateCurve curve = day_curve_from(file.path());
  EXPECT_DOUBLE_EQ(curve.rates()[3] / curve.rates()[15], 3);
  EXPECT_DOUBLE_EQ(curve.rates()[4] / curve.rates()[15], 1);
}

TEST(DayCurve, OfAnUnknownNameOrOfTwentyThreeNumbersIsAnInputError) {
  EXPECT_THROW(day_curve_named("cn-portale"), InputError);
  EXPECT_THROW(day_curve_of_hours(std::vector<double>(23, 1.0)), InputError);
}

TEST(RateSeries, KeepsItsLengthAndItsMeanRateAsACurve) {
  const TemporaryFile file("offset_s,requests\n0,2\n3,4\n", ".csv");
  LineReader reader(file.path());
  double mean_per_s = 0;
  const RateCurve curve = rate_curve_of(read_rate_series(reader, file.path()), mean_per_s);
  EXPECT_DOUBLE_EQ(curve.period_s(), 4);
  EXPECT_DOUBLE_EQ(mean_per_s, 1.5);
  EXPECT_DOUBLE_EQ(mean_per_s * curve.integral(3, 4), 4);
}

}  // namespace
}  // namespace lbsim::workload
