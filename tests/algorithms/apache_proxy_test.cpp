#include <gtest/gtest.h>

#include "algorithms/apache/factory.hpp"
#include "algorithms/apache/proxy_balancer.hpp"
#include "algorithms/apache/session_route.hpp"
#include "core/error.hpp"

namespace lbsim::algorithms::apache {
namespace {

PoolConfig pool_of(std::vector<int> weights) {
  PoolConfig pool;
  for (const int weight : weights) {
    ServerConfig server;
    server.name = {'s', static_cast<char>('1' + pool.servers.size())};
    server.cookie = server.name;
    server.weight = weight;
    pool.servers.push_back(server);
  }
  return pool;
}

std::unique_ptr<ProxyBalancer> balancer(const char* method, const PoolConfig& pool) {
  auto made = find_algorithm("apache", method)->make(pool);
  return std::unique_ptr<ProxyBalancer>(dynamic_cast<ProxyBalancer*>(made.release()));
}

ServerId serve(Upstream& upstream, const Request& request = {}) {
  Attempt attempt;
  if (upstream.begin(request, attempt, kTimeZero) != Pick::server) return kNoServer;
  upstream.end(attempt, Result::ok, kTimeZero);
  return attempt.server;
}

// lbstatus returns to its start after sum(weights) picks, in which each member has its weight in
// turns.
TEST(ByRequests, EveryMemberGetsItsWeightInEachRound) {
  const auto pool = balancer("byrequests", pool_of({5, 2, 1}));
  for (int round = 0; round < 3; ++round) {
    std::vector<int> picks(3, 0);
    for (int i = 0; i < 8; ++i) ++picks[serve(*pool)];
    EXPECT_EQ(picks, (std::vector<int>{5, 2, 1}));
    for (ServerId server = 0; server < 3; ++server) EXPECT_EQ(pool->member(server).lbstatus, 0);
  }
}

TEST(ByTraffic, TheMemberWithFewestBytesPerWeightIsPicked) {
  const auto pool = balancer("bytraffic", pool_of({1, 3}));
  pool->count_bytes(0, 0, 10000);
  pool->count_bytes(1, 0, 29000);
  EXPECT_EQ(serve(*pool), 1u);  // 29000/300 = 96 < 100
  pool->count_bytes(1, 0, 1300);
  EXPECT_EQ(serve(*pool), 0u);  // 30300/300 = 101
}

TEST(ByBusyness, OpenRequestsCountUntilTheyEnd) {
  const auto pool = balancer("bybusyness", pool_of({1, 1}));
  Attempt first;
  Attempt second;
  pool->begin({}, first, kTimeZero);
  pool->begin({}, second, kTimeZero);
  EXPECT_NE(first.server, second.server);
  pool->end(second, Result::ok, kTimeZero);
  const ServerId free = second.server;
  EXPECT_EQ(serve(*pool), free);
  EXPECT_EQ(serve(*pool), free);
}

TEST(ProxyBalancer, ARefusedMemberIsLeftAloneForItsRetryTime) {
  PoolConfig config = pool_of({1, 1});
  config.parameters["retry"] = "10";
  const auto pool = balancer("byrequests", config);
  Attempt attempt;
  ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
  EXPECT_EQ(attempt.server, 0u);
  ASSERT_EQ(pool->next({}, attempt, Result::refused, kTimeZero), Pick::server);
  EXPECT_EQ(attempt.server, 1u);
  EXPECT_EQ(pool->member(0).busy, 1u);  // counted until the request ends
  pool->end(attempt, Result::ok, kTimeZero);
  EXPECT_EQ(pool->member(0).busy, 0u);
  const auto picked_at = [&pool](Time now) {
    std::vector<bool> seen(2, false);
    for (int i = 0; i < 4; ++i) {
      Attempt one;
      pool->begin({}, one, now);
      seen[one.server] = true;
      pool->end(one, Result::ok, now);
    }
    return seen;
  };
  EXPECT_EQ(picked_at(kTimeZero + seconds(10)), (std::vector<bool>{false, true}));
  EXPECT_EQ(picked_at(kTimeZero + seconds(11)), (std::vector<bool>{true, true}));
}

TEST(ProxyBalancer, ASpareStandsInForMembersOfItsOwnSetOnly) {
  for (const int lbset : {0, 1}) {
    const auto pool = balancer("byrequests", pool_of({1, 1}));
    pool->settings(0).disabled = true;
    pool->settings(1).spare = true;
    pool->settings(1).lbset = lbset;
    EXPECT_EQ(serve(*pool), lbset == 0 ? 1u : kNoServer);
  }
}

TEST(ProxyBalancer, WhenAllHaveFailedTheErrorsAreForgottenUnlessForcerecoveryIsOff) {
  for (const bool on : {true, false}) {
    PoolConfig config = pool_of({1, 1});
    config.parameters["forcerecovery"] = on ? "On" : "Off";
    const auto pool = balancer("byrequests", config);
    Attempt attempt;
    ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
    ASSERT_EQ(pool->next({}, attempt, Result::refused, kTimeZero), Pick::server);
    ASSERT_EQ(pool->next({}, attempt, Result::refused, kTimeZero), Pick::none);
    EXPECT_EQ(serve(*pool) != kNoServer, on);
  }
}

TEST(ProxyBalancer, ADrainingMemberServesItsSessionsOnly) {
  PoolConfig config = pool_of({1, 1});
  config.parameters["stickysession"] = "SID";
  const auto pool = balancer("byrequests", config);
  pool->set_admin(0, AdminState::drain, kTimeZero);
  Request with_session;
  with_session.cookie = "a=b; SID=x.s1";
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(serve(*pool), 1u);
    EXPECT_EQ(serve(*pool, with_session), 0u);
  }
}

TEST(SessionRoute, IsWhatFollowsTheFirstDotOfThePathOrCookieValue) {
  EXPECT_EQ(route_of(path_parameter("/x;sid=1.r2?a=b", "sid", "?&;")), "r2");
  EXPECT_EQ(path_parameter("/x", "sid", "?&").data(), nullptr);
  EXPECT_EQ(route_of("1.a.b"), "a.b");
  EXPECT_EQ(route_of("1"), "");
  EXPECT_EQ(cookie_values("xSID=1; SID=2.a; SID=3", "SID"),
            (std::vector<std::string_view>{"2.a", "3"}));
}

TEST(ApacheCatalog, RejectsWhatIsOutOfRange) {
  PoolConfig config = pool_of({101});
  EXPECT_THROW(find_algorithm("apache", "byrequests")->make(config), InputError);
  config = pool_of({1});
  config.parameters["retry"] = "soon";
  EXPECT_THROW(find_algorithm("apache", "bytraffic")->make(config), InputError);
  config.parameters["failonstatus"] = "500;503";
  EXPECT_THROW(find_algorithm("apache", "bybusyness")->make(config), InputError);
}

}  // namespace
}  // namespace lbsim::algorithms::apache
