// lbmethod heartbeat: draws by ready workers, as httpd 2.4 was seen to do.
#include <gtest/gtest.h>

#include <cmath>

#include "algorithms/algorithm.hpp"
#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::apache {
namespace {

constexpr int kWorkers = 100;
constexpr int kPicks = 20000;

std::unique_ptr<Upstream> pool_of(std::size_t members) {
  PoolConfig pool;
  pool.parameters["workers"] = std::to_string(kWorkers);
  for (std::size_t i = 0; i < members; ++i) {
    ServerConfig server;
    server.name = "s" + std::to_string(i);
    pool.servers.push_back(server);
  }
  return find_algorithm("apache", "heartbeat")->make(pool);
}

// Each member reports that `ready` of its workers are ready and the others busy.
std::unique_ptr<Upstream> pool_with(const std::vector<std::uint32_t>& ready) {
  auto pool = pool_of(ready.size());
  for (ServerId s = 0; s < ready.size(); ++s) {
    pool->report(s, {.in_flight = kWorkers - ready[s], .latency = {}, .load = 0}, kTimeZero);
  }
  return pool;
}

std::vector<int> serve(Upstream& pool, std::size_t members, Time now = kTimeZero) {
  std::vector<int> picks(members);
  for (int i = 0; i < kPicks; ++i) {
    Attempt attempt;
    if (pool.begin({}, attempt, now) != Pick::server) continue;
    ++picks[attempt.server];
    pool.end(attempt, Result::ok, now);
  }
  return picks;
}

void expect_shares(const std::vector<std::uint32_t>& ready, const std::vector<double>& shares) {
  const auto pool = pool_with(ready);
  const std::vector<int> picks = serve(*pool, ready.size());
  for (std::size_t s = 0; s < ready.size(); ++s) {
    const double error = std::sqrt(kPicks * shares[s] * (1 - shares[s]));
    EXPECT_NEAR(picks[s], kPicks * shares[s], 4 * error) << "member " << s;
  }
}

TEST(Heartbeat, MembersGetRequestsByTheirReadyWorkers) {
  expect_shares({30, 20, 10}, {30.0 / 61, 20.0 / 61, 11.0 / 61});
}

// One number more than there are ready workers is drawn; the last in order takes it.
TEST(Heartbeat, TheLastMemberCountsOneWorkerMore) {
  expect_shares({1, 1, 1}, {1.0 / 4, 1.0 / 4, 2.0 / 4});
  expect_shares({2, 2, 0}, {2.0 / 5, 2.0 / 5, 1.0 / 5});
  expect_shares({2, 0, 2}, {2.0 / 5, 0, 3.0 / 5});
}

TEST(Heartbeat, AMemberWithoutBusyWorkersCountsAQuarter) {
  expect_shares({kWorkers, 50, 50}, {25.0 / 126, 50.0 / 126, 51.0 / 126});
}

TEST(Heartbeat, NobodyIsPickedWhileNothingWasHeardOrNobodyIsReady) {
  Attempt attempt;
  EXPECT_EQ(pool_of(2)->begin({}, attempt, kTimeZero), Pick::none);
  EXPECT_EQ(pool_with({0, 0})->begin({}, attempt, kTimeZero), Pick::none);
}

TEST(Heartbeat, AMemberThatWasSilentForTenSecondsTakesNoPart) {
  const auto pool = pool_with({50, 50});
  pool->report(1, {.in_flight = 50, .latency = {}, .load = 0}, kTimeZero + seconds(5));
  EXPECT_GT(serve(*pool, 2, kTimeZero + milliseconds(9999))[0], 0);
  EXPECT_EQ(serve(*pool, 2, kTimeZero + seconds(10)), (std::vector<int>{0, kPicks}));
}

TEST(Heartbeat, AsksForAReportEverySecond) {
  EXPECT_EQ(pool_of(1)->report_wishes().interval, seconds(1));
}

TEST(Heartbeat, AFailedMemberTakesNoPartUntilItsRetry) {
  const auto pool = pool_with({50, 0});
  Attempt attempt;
  ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
  ASSERT_EQ(attempt.server, 0u);
  EXPECT_EQ(pool->next({}, attempt, Result::refused, kTimeZero), Pick::none);
  EXPECT_EQ(pool->begin({}, attempt, kTimeZero), Pick::none);
  pool->report(0, {.in_flight = 50, .latency = {}, .load = 0}, kTimeZero + seconds(61));
  EXPECT_EQ(pool->begin({}, attempt, kTimeZero + seconds(61)), Pick::server);
}

}  // namespace
}  // namespace lbsim::algorithms::apache
