#include <gtest/gtest.h>

#include <numeric>

#include "algorithms/apache/jk_balancer.hpp"

namespace lbsim::algorithms::apache {
namespace {

JkBalancer balancer(JkMethod method, std::vector<std::uint64_t> lbfactors,
                    std::size_t processes = 1) {
  std::vector<JkMember> members;
  for (const std::uint64_t lbfactor : lbfactors) {
    JkMember member;
    member.name = {'s', static_cast<char>('1' + members.size())};
    member.route = member.name;
    member.lbfactor = lbfactor;
    members.push_back(member);
  }
  return JkBalancer(std::move(members), {.method = method}, processes);
}

ServerId serve(JkBalancer& pool, std::string_view cookie = {}, Time now = kTimeZero) {
  Request request;
  request.cookie = cookie;
  Attempt attempt;
  if (pool.begin(request, attempt, now) != Pick::server) return kNoServer;
  pool.end(attempt, Result::ok, now);
  return attempt.server;
}

// mult = lcm / lbfactor, so sum(lbfactors) requests bring all values to the same lcm.
TEST(JkRequest, EveryMemberGetsItsFactorAndAllValuesMeet) {
  JkBalancer pool = balancer(JkMethod::request, {4, 3, 2});
  std::vector<int> picks(3, 0);
  for (int i = 0; i < 9; ++i) ++picks[serve(pool)];
  EXPECT_EQ(picks, (std::vector<int>{4, 3, 2}));
  for (ServerId server = 0; server < 3; ++server) EXPECT_EQ(pool.member(server).value, 12u);
}

// The least common multiple of 1 to 100 has 41 digits.
TEST(JkRequest, SharesFollowFactorsWhoseMultipleNoNumberHolds) {
  std::vector<std::uint64_t> lbfactors(100);
  std::iota(lbfactors.begin(), lbfactors.end(), 1);
  JkBalancer pool = balancer(JkMethod::request, lbfactors);
  std::vector<int> picks(100, 0);
  for (int i = 0; i < 10 * 5050; ++i) ++picks[serve(pool)];
  for (int s = 0; s < 100; ++s)
    EXPECT_NEAR(picks[static_cast<std::size_t>(s)], 10 * (s + 1), 1) << s;
}

TEST(JkSession, OnlyRequestsWithoutASessionIdCount) {
  JkBalancer pool = balancer(JkMethod::session, {1, 1});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(serve(pool, "JSESSIONID=a.s2"), 1u);
  EXPECT_EQ(serve(pool, "JSESSIONID=a.nobody"), 0u);
  EXPECT_EQ(pool.member(0).value + pool.member(1).value, 0u);
  serve(pool);
  EXPECT_EQ(pool.member(0).value + pool.member(1).value, 1u);
}

TEST(JkBusyness, HoldsAValueWhileARequestIsOpen) {
  JkBalancer pool = balancer(JkMethod::busyness, {2, 1});
  Attempt attempt;
  pool.begin({}, attempt, kTimeZero);
  EXPECT_EQ(attempt.server, 0u);
  EXPECT_EQ(pool.member(0).value, 1u);
  pool.end(attempt, Result::ok, kTimeZero);
  EXPECT_EQ(pool.member(0).value, 0u);
}

TEST(JkTraffic, CountsBytesTimesMult) {
  JkBalancer pool = balancer(JkMethod::traffic, {2, 1});
  pool.count_bytes(0, 100, 50);
  pool.count_bytes(1, 100, 50);
  EXPECT_EQ(pool.member(0).value, 150u);
  EXPECT_EQ(pool.member(1).value, 300u);
}

TEST(JkMaintenance, HalvesValuesOncePerElapsedIntervalAndNextSubtractsTheSmallest) {
  for (const auto& [method, expected] :
       {std::pair(JkMethod::request, 10u / 4 + 1), std::pair(JkMethod::next, 0u + 1)}) {
    JkBalancer pool = balancer(method, {1, 1});
    for (int i = 0; i < 20; ++i) serve(pool);
    const ServerId picked = serve(pool, {}, kTimeZero + seconds(125));
    EXPECT_EQ(pool.member(picked).value, expected);
  }
}

TEST(JkFailover, AFailedMemberComesBackByMaintenanceAfterRecoverTime) {
  JkBalancer pool = balancer(JkMethod::request, {1, 1});
  Attempt attempt;
  ASSERT_EQ(pool.begin({}, attempt, kTimeZero), Pick::server);
  ASSERT_EQ(pool.next({}, attempt, Result::refused, kTimeZero), Pick::server);
  EXPECT_EQ(attempt.server, 1u);
  pool.end(attempt, Result::ok, kTimeZero);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(serve(pool, {}, kTimeZero + seconds(59)), 1u);
  std::vector<bool> seen(2, false);
  for (int i = 0; i < 4; ++i) seen[serve(pool, {}, kTimeZero + seconds(121 + i))] = true;
  EXPECT_EQ(seen, (std::vector<bool>{true, true}));
}

// Two members in each of two rounds; when none is usable the failed ones are forced, once.
TEST(JkFailover, FourTriesAreMade) {
  JkBalancer pool = balancer(JkMethod::request, {1, 1, 1});
  Attempt attempt;
  int tries = 0;
  Pick pick = pool.begin({}, attempt, kTimeZero);
  for (; pick == Pick::server; ++tries) {
    pick = pool.next({}, attempt, Result::refused, kTimeZero);
  }
  EXPECT_EQ(tries, 4);
}

TEST(JkProcesses, ShareValuesButNotWhereTheSearchStarts) {
  JkBalancer pool = balancer(JkMethod::traffic, {1, 1, 1}, 2);
  EXPECT_EQ(serve(pool), 0u);
  EXPECT_EQ(serve(pool), 1u);
  pool.set_process(1);
  EXPECT_EQ(serve(pool), 0u);
  pool.set_process(0);
  EXPECT_EQ(serve(pool), 2u);
}

}  // namespace
}  // namespace lbsim::algorithms::apache
