// F5's methods against what F5 has published of them, computed by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "pools.hpp"

namespace lbsim::algorithms {
namespace {

using ::testing::ElementsAre;

std::unique_ptr<Upstream> f5(const std::string& name, const std::vector<int>& weights,
                             const Settings& settings = {}) {
  return make_pool("f5", name, pool_of(weights, settings));
}

std::vector<ServerId> hold_many(Upstream& pool, int requests, Time now = kTimeZero) {
  std::vector<ServerId> picks;
  for (int i = 0; i < requests; ++i) picks.push_back(hold(pool, {}, now));
  return picks;
}

TEST(F5RoundRobin, GoesToTheNextMemberInLineWhateverTheWeights) {
  const auto pool = f5("round_robin", {5, 1, 1});
  EXPECT_THAT(serve_many(*pool, 5), ElementsAre(0, 1, 2, 0, 1));
  pool->set_health(2, false, kTimeZero);
  EXPECT_THAT(serve_many(*pool, 3), ElementsAre(0, 1, 0));
}

// 3:2:1:1 is the training material's own example.
TEST(F5Ratio, GivesEachMemberATurnThenThoseWithMore) {
  const auto pool = f5("ratio", {3, 2, 1, 1});
  EXPECT_THAT(serve_many(*pool, 14), ElementsAre(0, 1, 2, 3, 0, 1, 0, 0, 1, 2, 3, 0, 1, 0));
}

TEST(F5LeastConnections, TakesTheFewestAndTurnsAmongEquals) {
  const auto pool = f5("least_connections", {1, 9, 1});
  EXPECT_THAT(hold_many(*pool, 4), ElementsAre(0, 1, 2, 0));
  finish(*pool, 1);
  EXPECT_EQ(hold(*pool), 1u);
  finish(*pool, 0);
  EXPECT_THAT(hold_many(*pool, 3), ElementsAre(2, 0, 1));  // all have one; after 1 comes 2
}

// The manual's example: 20 of 100 is 20 %, 20 of 200 is 10 %, so the latter is picked; then until
// both are at 20 %.
TEST(F5WeightedLeastConnections, ComparesPartsOfTheConnectionLimits) {
  PoolConfig config = pool_of({1, 1});
  config.servers[0].max_conns = 100;
  config.servers[1].max_conns = 200;
  const auto pool = make_pool("f5", "weighted_least_connections", config);
  pool->set_health(1, false, kTimeZero);
  hold_many(*pool, 20);
  pool->set_health(1, true, kTimeZero);
  EXPECT_THAT(hold_many(*pool, 40), ::testing::Each(1u));
  EXPECT_EQ(hold(*pool), 0u);
  EXPECT_THAT(hold_many(*pool, 2), ElementsAre(1, 1));
}

TEST(F5WeightedLeastConnections, WantsALimitOnEachMemberOrOnNone) {
  PoolConfig config = pool_of({1, 1});
  config.servers[0].max_conns = 100;
  EXPECT_THROW(make_pool("f5", "weighted_least_connections", config), InputError);
  const auto pool = f5("weighted_least_connections", {2, 1});
  std::vector<int> held(2);
  for (const ServerId s : hold_many(*pool, 30)) ++held[s];
  EXPECT_THAT(held, ElementsAre(20, 10));
}

// Ratios 3 and 2: members 0 and 1 (4 and 1 connections, mean 5/3) have 2 and 3, member 2 (none) 3.
// A rotation of those: all three, all three, then 1 and 2, which is where the change meets it.
TEST(F5Observed, GivesMembersAboveTheMeanASmallerRatioEachSecond) {
  const auto pool = f5("observed", {1, 1, 1});
  EXPECT_THAT(hold_many(*pool, 9, at_second(0.1)), ElementsAre(0, 1, 2, 0, 1, 2, 0, 1, 2));
  hold_many(*pool, 3, at_second(0.2));
  for (int i = 0; i < 3; ++i) finish(*pool, 1, at_second(0.3));
  for (int i = 0; i < 4; ++i) finish(*pool, 2, at_second(0.3));
  ASSERT_THAT(pool->describe(), ::testing::HasSubstr("at 3"));
  // Within the second ratios are as they were: the second of three rounds of all.
  EXPECT_THAT(serve_many(*pool, 3, at_second(0.9)), ElementsAre(0, 1, 2));
  EXPECT_THAT(serve_many(*pool, 8, at_second(1.1)), ElementsAre(1, 2, 0, 1, 2, 0, 1, 2));
}

TEST(F5Observed, GivesMembersAtTheMeanTheGreaterRatio) {
  const auto pool = f5("observed", {1, 1});
  hold_many(*pool, 4, at_second(0.5));
  EXPECT_THAT(hold_many(*pool, 4, at_second(1.5)), ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(pool->describe(), ::testing::Not(::testing::HasSubstr("ratio 2")));
}

// Counts at seconds 1, 2, 3: member 0 has 2, 3, 3; member 1 has 2, 0, 0. So ratios 1, 1 (both grew
// from 0), then 1 (grew, at the end of the scale) and 2 (fell), then the same (unchanged).
TEST(F5Predictive, FollowsTheTrendOfConnectionsByOneStepASecond) {
  const auto pool = f5("predictive", {1, 1});
  const auto ratios = [&] {
    const std::string state = pool->describe();
    std::string found;
    for (std::size_t at = state.find("ratio "); at != std::string::npos;
         at = state.find("ratio ", at + 1)) {
      found += state[at + 6];
    }
    return found;
  };
  EXPECT_THAT(hold_many(*pool, 4, at_second(0.5)), ElementsAre(0, 1, 0, 1));
  EXPECT_EQ(ratios(), "22");
  EXPECT_EQ(hold(*pool, {}, at_second(1.5)), 0u);
  EXPECT_EQ(ratios(), "11");
  finish(*pool, 1, at_second(1.6));
  finish(*pool, 1, at_second(1.7));
  EXPECT_EQ(serve(*pool, {}, at_second(2.5)), 1u);
  EXPECT_EQ(ratios(), "12");
  EXPECT_THAT(serve_many(*pool, 3, at_second(3.5)), ElementsAre(1, 0, 1));
  EXPECT_EQ(ratios(), "12");
}

TEST(F5Predictive, KeepsRatiosFromOneToFour) {
  const auto pool = f5("predictive", {1});
  hold_many(*pool, 10, at_second(0.5));
  for (int second = 1; second < 8; ++second) finish(*pool, 0, at_second(second + 0.5));
  pool->set_weight(0, 1, at_second(9));
  EXPECT_THAT(pool->describe(), ::testing::HasSubstr("ratio 4"));
  for (int second = 10; second < 18; ++second) hold(*pool, {}, at_second(second + 0.5));
  pool->set_weight(0, 1, at_second(19));
  EXPECT_THAT(pool->describe(), ::testing::HasSubstr("ratio 1"));
}

TEST(F5Fastest, TakesTheFewestOutstandingRequests) {
  const auto pool = f5("fastest", {1, 1, 1});
  EXPECT_THAT(hold_many(*pool, 4), ElementsAre(0, 1, 2, 0));
  finish(*pool, 2);
  EXPECT_EQ(hold(*pool), 2u);
}

// Smoothed by eighths: 80 ms and one of 160 ms make 90 ms, which is still before 100 ms; one of
// 250 ms makes it 110 ms.
TEST(F5Fastest, ComparesSmoothedResponseTimesIfAskedTo) {
  const auto pool = f5("fastest", {1, 1}, {{"measure", "response_time"}});
  const auto next = [&](int took_ms) { return serve(*pool, {}, kTimeZero, milliseconds(took_ms)); };
  EXPECT_EQ(next(80), 0u);
  EXPECT_EQ(next(100), 1u);  // not known yet: first
  EXPECT_EQ(next(160), 0u);
  EXPECT_EQ(next(250), 0u);
  EXPECT_EQ(next(100), 1u);
}

TEST(F5Fastest, TakesARefusalForNoQuickResponse) {
  const auto pool = f5("fastest", {1, 1}, {{"measure", "response_time"}});
  EXPECT_EQ(serve(*pool, {}, kTimeZero, milliseconds(110)), 0u);
  EXPECT_EQ(serve(*pool, {}, kTimeZero, milliseconds(100)), 1u);
  pool->set_health(1, false, kTimeZero);
  for (int i = 0; i < 5; ++i) {
    Attempt attempt;
    ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
    pool->next({}, attempt, Result::refused, kTimeZero);
  }
  pool->set_health(1, true, kTimeZero);
  EXPECT_EQ(serve(*pool), 1u);
}

// Loads of 0.25 and 0.9 leave 8 and 1 tenths of the capacity, rounded up.
TEST(F5DynamicRatio, MakesRatiosOfWhatServersReport) {
  const auto pool = f5("dynamic_ratio", {1, 1, 1});
  EXPECT_EQ(pool->report_wishes().interval, seconds(10));
  EXPECT_FALSE(pool->report_wishes().idle);
  EXPECT_THAT(serve_many(*pool, 6), ElementsAre(0, 1, 2, 0, 1, 2));
  pool->report(0, {.load = 0.25}, kTimeZero);
  pool->report(1, {.load = 0.9}, kTimeZero);
  pool->report(2, {.load = 1}, kTimeZero);
  EXPECT_THAT(shares(*pool, 100), ElementsAre(80, 10, 10));
  pool->report(2, {.load = 0}, kTimeZero);
  EXPECT_THAT(shares(*pool, 190), ElementsAre(80, 10, 100));
}

TEST(F5LeastSessions, CountsTheClientsThatStickToAMember) {
  const auto pool = f5("least_sessions", {1, 1, 1}, {{"sticky_timeout", "100"}});
  for (std::uint32_t client = 0; client < 3; ++client) {
    EXPECT_EQ(serve(*pool, from_client(client), at_second(client)), client);
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(serve(*pool, from_client(1), at_second(50)), 1u);
  EXPECT_EQ(serve(*pool, from_client(9), at_second(99)), 0u);  // all have one; after 2 comes 0
  // At 102 s the entries of clients 0 and 2 are over: one client at each of 0 and 1, none at 2.
  EXPECT_EQ(serve(*pool, from_client(10), at_second(102)), 2u);
}

TEST(F5LeastSessions, NeedsAPersistenceTable) {
  EXPECT_THROW(f5("least_sessions", {1}, {{"sticky", "cookie SRV"}}), InputError);
}

}  // namespace
}  // namespace lbsim::algorithms
