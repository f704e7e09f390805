#include "planning/compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "planning/metric.hpp"

namespace lbsim {
namespace {

using ::testing::HasSubstr;

planning::RunReport report(const std::string& scenario, double mean_ms, double p99_ms,
                           double errors_percent = 0) {
  planning::RunReport run;
  run.json = "{}";
  run.scenario = scenario;
  run.numbers.assign(planning::metrics().size(), 1.0);
  run.numbers[planning::metric_index("mean")] = mean_ms;
  run.numbers[planning::metric_index("p99")] = p99_ms;
  run.numbers[planning::metric_index("errors")] = errors_percent;
  return run;
}

// Days differ much, scenarios by 1 ms of the mean each day; p99 differs by chance only.
Comparison paired_days() {
  Comparison comparison;
  const double days[] = {10, 30, 20, 50, 40};
  const double chance[] = {3, -2, 1, -3, 1.5};
  for (int k = 0; k < 5; ++k) {
    comparison.add(0, report("a", days[k], 100));
    comparison.add(1, report("b", days[k] + 1 + 0.01 * chance[k], 100 + chance[k]));
  }
  return comparison;
}

const Difference& difference(const std::vector<Difference>& all, const std::string& metric) {
  for (const Difference& d : all) {
    if (d.metric == metric) return d;
  }
  throw std::out_of_range(metric);
}

TEST(Compare, PairsReplicationsSoThatCommonChanceCancels) {
  const auto all = paired_days().differences();
  const Difference& mean = difference(all, "latency_ms_mean");
  EXPECT_NEAR(mean.interval.estimate, 1.001, 1e-9);
  EXPECT_LT(mean.interval.half_width, 0.04);  // of the days alone it would be 20
  EXPECT_TRUE(mean.real);
  EXPECT_DOUBLE_EQ(mean.a, 30);
  EXPECT_NEAR(mean.b, 31.001, 1e-9);
  EXPECT_FALSE(difference(all, "latency_ms_p99").real);
}

// A p-value of 0.02 is real alone, but not as the best of eight.
TEST(Compare, CallsADifferenceRealOnlyAmongAllThatAreLookedAt) {
  Comparison comparison;
  const double differences[] = {1, 2, 0.4, 1.6, 1.2, 0.1};
  for (const double d : differences) {
    comparison.add(0, report("a", 10, 100));
    comparison.add(1, report("b", 10 + d, 100));
  }
  const auto all = comparison.differences();
  const Difference& mean = difference(all, "latency_ms_mean");
  EXPECT_TRUE(mean.interval.excludes_zero());
  EXPECT_LT(mean.p_value, 0.05);
  EXPECT_GT(mean.p_value, 0.05 / 8);
  EXPECT_FALSE(mean.real);
  EXPECT_THAT(comparison.text(), HasSubstr("perhaps: real if it stood alone"));
  EXPECT_THAT(comparison.text(), HasSubstr("any of these 8 is called real"));
}

TEST(Compare, OfOneReplicationClaimsNothing) {
  Comparison comparison;
  comparison.add(0, report("a", 10, 100));
  comparison.add(1, report("b", 20, 100));
  const auto json = nlohmann::json::parse(comparison.json(false));
  EXPECT_TRUE(json["differences"][0]["ci95"].is_null());
  EXPECT_TRUE(json["differences"][0]["real"].is_null());
  EXPECT_EQ(json["differences"][0]["difference"], 10);
  EXPECT_THAT(comparison.text(), HasSubstr("--replications 10"));
}

TEST(Compare, PrecisionIsThatOfTheWidestInterval) {
  const auto goals = planning::parse_precision("p99:2%,mean:2%");
  const auto found = paired_days().precision(goals);
  // p99 of b: 100.1 +- 3.1; the difference as wide. The days' means are known to no better than 60
  // %.
  EXPECT_NEAR(found[0].widest, 0.031, 0.002);
  EXPECT_FALSE(found[0].reached);
  EXPECT_GT(found[1].widest, 0.5);
  EXPECT_TRUE(paired_days().precision(planning::parse_precision("p99:4%"))[0].reached);
}

TEST(Compare, ErrorsAreKnownToAShareOfAllRequests) {
  Comparison comparison;
  for (const double percent : {1.0, 1.2, 0.8}) comparison.add(0, report("a", 10, 100, percent));
  const auto found = comparison.precision(planning::parse_precision("errors:0.5%"));
  EXPECT_NEAR(found[0].widest, 0.002 * 4.302652730 / std::sqrt(3.0), 1e-6);
  EXPECT_TRUE(found[0].reached);
}

}  // namespace
}  // namespace lbsim
