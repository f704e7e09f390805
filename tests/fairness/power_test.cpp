// How often the gate is right, both ways, on the algorithms that `run` drives.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <iostream>

#include "fairness/pools.hpp"
#include "fairness/verdict.hpp"
#include "toy.hpp"

namespace lbsim::fairness::test {
namespace {

bool is_full() {
  const char* full = std::getenv("LBSIM_FULL");
  return full != nullptr && std::string(full) == "1";
}

Subject catalog_subject(const std::string& name) {
  for (Subject& subject : catalog_subjects()) {
    if (subject.name == name) return subject;
  }
  throw std::invalid_argument(name);
}

// `server` of 16 equal ones gets `percent` more than it should.
Subject biased(Subject subject, ServerId server, int percent) {
  subject.make = [make = subject.make, server, percent](const PoolConfig& given) {
    PoolConfig config = given;
    for (auto& one : config.servers) one.weight *= 100;
    config.servers[server].weight += percent;
    return make(config);
  };
  return subject;
}

Scenario scenario_of(const Subject& subject, const Traits& traits, const std::string& pool) {
  for (Scenario& scenario : scenarios_for(subject, traits)) {
    if (scenario.pool == pool) return scenario;
  }
  throw std::invalid_argument(pool);
}

// The level at which the most significant of so many tests is rejected, by Holm.
constexpr double kTestsOfTheCatalog = 4500;
constexpr double kLevel = 0.001 / kTestsOfTheCatalog;

// Of `runs` runs with seeds of their own, how many notice 1 % more for one of 16 equal servers.
int noticed(const std::string& name, int runs) {
  const Subject subject = catalog_subject(name);
  const Subject right = biased(subject, 0, 0);
  const Subject wrong = biased(subject, 5, 1);
  const Traits traits = traits_of(right);
  const Scenario scenario = scenario_of(right, traits, "equal-16");
  Effort check = kCheckEffort;
  check.batches = 2;  // only the shares are looked at
  Effort finely = kBaselineEffort;
  finely.batches = 2;
  const Value baseline = measure(right, scenario, traits, finely, 1).at("shares");
  int count = 0;
  for (int run = 0; run < runs; ++run) {
    const auto seed = static_cast<std::uint64_t>(100 + run);
    const Value seen = measure(wrong, scenario, traits, check, seed).at("shares");
    const Difference found = difference(seen, baseline);
    count += found.p <= kLevel && found.server == 5 ? 1 : 0;
  }
  return count;
}

// z with P(Z > z) = p.
double upper_quantile(double p) {
  double low = 0;
  double high = 40;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::sqrt(2)) / 2 > p ? low : high) = middle;
  }
  return low;
}

// By the variances of the committed baseline, with as many batches as a check has: how many
// standard errors 1 % more for a server is.
double errors_of_one_percent(const Value& shares, std::size_t server, std::size_t batches) {
  const double more = 1.01 / 16.01 * 16 - 1;
  const double per_batch =
      1 / static_cast<double>(batches) + 1 / static_cast<double>(shares.batches);
  return more * shares.numbers[server] / std::sqrt(shares.variances[server] * per_batch);
}

// Everybody gets the same answer for 5 s there, so that picks are not independent.
constexpr const char* kAnswersOfACache = "dns/recursor";

TEST(Power, OnePercentMoreForOneOf16IsNoticedByComputationWhereverServersAreDrawn) {
  const Measurements committed = read_baseline(LBSIM_TEST_DATA "/fairness/baseline.json").measured;
  const double needed = upper_quantile(kLevel / 16 / 2) + upper_quantile(0.01);
  int algorithms = 0;
  for (const Subject& subject : catalog_subjects()) {
    const Traits traits = traits_of(subject);
    if (!traits.drawn || traits.keyed || subject.name == kAnswersOfACache) continue;
    const Scenario scenario = scenario_of(subject, traits, "equal-16");
    const Value& shares = committed.at(subject.name).at("equal-16").at("shares");
    ++algorithms;
    for (std::size_t s = 0; s < 16; ++s) {
      if (shares.variances[s] == 0) continue;  // any difference is noticed
      EXPECT_GT(errors_of_one_percent(shares, s, scenario.share_batches), needed) << subject.name;
    }
  }
  EXPECT_GE(algorithms, 15);
}

// All of a few, and 99 % of many.
TEST(Power, OnePercentMoreForOneOf16IsNoticedWhereServersAreDrawn) {
  const int runs = is_full() ? 400 : 4;
  EXPECT_GE(noticed("nginx/random", runs), is_full() ? 396 : 4);
}

TEST(Power, OnePercentMoreForOneOf16IsNoticedInTurns) {
  // Whole percents need whole weights, in a cycle of 1,601 picks.
  const Subject right = biased(catalog_subject("nginx/round_robin"), 0, 0);
  const Subject wrong = biased(catalog_subject("nginx/round_robin"), 5, 1);
  Scenario scenario = scenario_of(right, {}, "equal-16");
  const Metrics expected = measure(right, scenario, {}, kBaselineEffort, 1);
  const Metrics seen = measure(wrong, scenario, {}, kCheckEffort, 9);
  EXPECT_EQ(difference(seen.at("shares"), expected.at("shares")).p, 0);
  EXPECT_EQ(difference(expected.at("shares"), expected.at("shares")).p, 1);
}

double worst_p(const Subject& wrong, const Subject& right, const std::string& pool,
               std::uint64_t seed) {
  const Traits traits = traits_of(right);
  const Scenario scenario = scenario_of(right, traits, pool);
  Effort check = kCheckEffort;
  Effort finely = kBaselineEffort;
  check.share_factor = finely.share_factor = 0;
  const Metrics expected = measure(right, scenario, traits, finely, 1);
  double least = 1;
  for (const auto& [name, value] : measure(wrong, scenario, traits, check, seed)) {
    least = std::min(least, difference(value, expected.at(name)).p);
  }
  return least;
}

TEST(Power, AMissedWeightChangeIsNoticedEveryTime) {
  for (std::uint64_t seed = 1; seed <= (is_full() ? 400u : 10u); ++seed) {
    for (const Rule rule : {Rule::smooth, Rule::two}) {
      EXPECT_LE(worst_p(toy(rule, Fault::weight_change_missed), toy(rule), "weight-16", seed),
                kLevel);
    }
  }
}

TEST(Power, ADroppedTieBreakIsNoticedEveryTime) {
  for (std::uint64_t seed = 1; seed <= (is_full() ? 400u : 20u); ++seed) {
    EXPECT_LE(worst_p(toy(Rule::least, Fault::ties_dropped), toy(Rule::least), "equal-16", seed),
              kLevel);
  }
}

// Runs of `subject` that fail at alpha 0.05 though nothing has changed, of 200 with seeds of their
// own; every tenth is compared with another baseline.
int false_alarms(const Subject& subject, double picks) {
  const Effort finely{20, 4, picks};
  const Effort check{12, 1, picks};
  int failed = 0;
  Measurements baseline;
  for (int run = 0; run < 200; ++run) {
    const auto seed = static_cast<std::uint64_t>(1000 + run);
    if (run % 10 == 0) baseline[subject.name] = measure(subject, finely, seed + 100'000);
    Measurements measured;
    measured[subject.name] = measure(subject, check, seed);
    failed += compare(measured, baseline, 0.05).failed > 0 ? 1 : 0;
  }
  return failed;
}

// Binomial: with a rate of 5 % more than 20 of 200 would be seen once in 700 times.
constexpr int kMostFalseAlarms = 20;

TEST(FalseAlarms, AreAtMostFivePercentAtAlphaFivePercent) {
  std::vector<std::string> names = {"dns/pdns-pickwrandom"};
  if (is_full()) {
    names = {"nginx/random", "nginx/random_two_least_conn", "ipvs/lc",      "haproxy/uri",
             "dns/shuffled", "dns/gdnsd-weighted",          "dns/recursor", "haproxy/leastconn"};
  }
  for (const std::string& name : names) {
    const int failed = false_alarms(catalog_subject(name), is_full() ? 0.1 : 0.02);
    RecordProperty(name, failed);
    std::cout << name << ": " << failed << " false alarms of 200\n";
    EXPECT_LE(failed, kMostFalseAlarms) << name;
  }
}

}  // namespace
}  // namespace lbsim::fairness::test
