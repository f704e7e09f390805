// What is put around a rule, each on rules that have nothing else in common.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/error.hpp"
#include "core/random.hpp"
#include "pools.hpp"

namespace lbsim::algorithms {
namespace {

using ::testing::AnyOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Lt;

struct RuleName {
  const char* family;
  const char* name;
};

class Around : public ::testing::TestWithParam<RuleName> {
 protected:
  std::unique_ptr<Upstream> make(const std::vector<int>& weights, const Settings& settings) const {
    return make_pool(GetParam().family, GetParam().name, pool_of(weights, settings));
  }
  std::unique_ptr<Upstream> make(const PoolConfig& config) const {
    return make_pool(GetParam().family, GetParam().name, config);
  }
};

std::string test_name(const ::testing::TestParamInfo<RuleName>& tested) {
  return std::string(tested.param.family) + "_" + tested.param.name;
}

class StickyAround : public Around {};
class BoundAround : public Around {};
class SlowStartAround : public Around {};
class GroupsAround : public Around {};

TEST_P(StickyAround, SendsAClientToItsMemberUntilTheTimeoutAfterItsLastRequest) {
  const auto pool = make({1, 1, 1, 1}, {{"sticky", "client"}, {"sticky_timeout", "60"}});
  std::map<std::uint32_t, ServerId> homes;
  for (std::uint32_t client = 0; client < 40; ++client) {
    homes[client] = serve(*pool, from_client(client), at_second(0));
  }
  for (const double second : {59.0, 118.0}) {  // each within 60 s of the one before
    for (std::uint32_t client = 0; client < 40; ++client) {
      EXPECT_EQ(serve(*pool, from_client(client), at_second(second)), homes[client]);
    }
  }
  int moved = 0;
  for (std::uint32_t client = 0; client < 40; ++client) {
    const std::uint32_t other = 39 - client;  // another order than at first
    moved += serve(*pool, from_client(other), at_second(178)) != homes[other];
  }
  EXPECT_GT(moved, 10);
}

TEST_P(StickyAround, MovesAClientForGoodWhenItsMemberIsDownButNotWhenItIsDrained) {
  const auto pool = make({1, 1, 1, 1}, {{"sticky", "client"}});
  const ServerId home = serve(*pool, from_client(7));
  pool->set_admin(home, AdminState::drain, kTimeZero);
  EXPECT_EQ(serve(*pool, from_client(7)), home);
  pool->set_admin(home, AdminState::ready, kTimeZero);
  pool->set_weight(home, 0, kTimeZero);
  EXPECT_EQ(serve(*pool, from_client(7)), home);
  pool->set_weight(home, 1, kTimeZero);
  pool->set_health(home, false, kTimeZero);
  const ServerId second = serve(*pool, from_client(7));
  EXPECT_NE(second, home);
  pool->set_health(home, true, kTimeZero);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(serve(*pool, from_client(7)), second);
}

TEST_P(StickyAround, ReadsTheMemberFromACookie) {
  const auto pool = make({1, 1, 1, 1}, {{"sticky", "cookie SRV"}});
  Request request;
  request.cookie = "a=b; SRV=c3; z=1";
  for (int i = 0; i < 10; ++i) EXPECT_EQ(serve(*pool, request), 2u);
  pool->set_health(2, false, kTimeZero);
  EXPECT_NE(serve(*pool, request), 2u);
  pool->set_health(2, true, kTimeZero);
  EXPECT_EQ(serve(*pool, request), 2u);  // the cookie still says so
}

INSTANTIATE_TEST_SUITE_P(Rules, StickyAround,
                         ::testing::Values(RuleName{"f5", "ratio"}, RuleName{"modern", "random"},
                                           RuleName{"modern", "p2c_ewma"}),
                         test_name);

// At each pick: no more than ceil(c T w / W), with T the requests in flight and this one.
TEST_P(BoundAround, LetsNoMemberCarryMoreThanItsMultipleOfTheMean) {
  const std::vector<int> weights = {4, 3, 2, 1};
  const auto pool = make(weights, {{"bounded_load", "1.1"}});
  std::vector<std::uint64_t> loads(4);
  std::vector<ServerId> running;
  Random random(5);
  for (int step = 0; step < 5000; ++step) {
    if (!running.empty() && random.below(100) < 45) {
      const std::uint64_t which = random.below(running.size());
      finish(*pool, running[which]);
      --loads[running[which]];
      running.erase(running.begin() + static_cast<std::ptrdiff_t>(which));
      continue;
    }
    const ServerId s = hold(*pool);  // the same client each time: a hash sends it to one member
    ASSERT_NE(s, kNoServer);
    running.push_back(s);
    ++loads[s];
    const std::uint64_t weight = static_cast<std::uint64_t>(weights[s]);
    EXPECT_LE(loads[s], (11 * running.size() * weight + 99) / 100);
  }
  EXPECT_GT(running.size(), 100u);
}

INSTANTIATE_TEST_SUITE_P(Rules, BoundAround,
                         ::testing::Values(RuleName{"f5", "round_robin"},
                                           RuleName{"modern", "random"},
                                           RuleName{"modern", "maglev"},
                                           RuleName{"modern", "ring_hash"}),
                         test_name);

// With a part f of the ramp over, f w / W of the picks: 4000 f / 4 here, to within what may be
// saved up from the time before, for a rule that would give the member all of them (it has least)
// or its share. A random rule asks for it 1000 times, with a standard error of 27: 140 are five.
TEST_P(SlowStartAround, GivesAMemberThatCameBackAShareThatGrowsWithTime) {
  const auto pool = make({1, 1, 1, 1}, {{"slow_start", "100"}});
  pool->set_health(3, false, at_second(0));
  for (ServerId s = 0; s < 3; ++s) {
    for (int i = 0; i < 2000; ++i) hold(*pool, from_client(static_cast<std::uint32_t>(i)));
  }
  pool->set_health(3, true, at_second(1000));
  for (const auto& [second, share] : {std::pair{1010.0, 0.1}, {1050.0, 0.5}, {1090.0, 0.9}}) {
    const std::vector<int> counts = shares(*pool, 4000, at_second(second));
    const bool drawn = std::string(GetParam().name) == "random";
    EXPECT_NEAR(counts[3], 1000 * share, drawn ? 140 : 10) << "at " << second;
  }
}

TEST_P(SlowStartAround, EndsWithTheRampAndDoesNotHoldBackALoneMember) {
  const auto pool = make({1, 1}, {{"slow_start", "100"}});
  for (ServerId s = 0; s < 2; ++s) pool->set_health(s, false, at_second(0));
  pool->set_health(1, true, at_second(10));
  EXPECT_EQ(serve(*pool, {}, at_second(10)), 1u);
  pool->set_health(0, true, at_second(11));
  int served = 0;
  for (const ServerId s : serve_many(*pool, 1000, at_second(111))) served += s == 0;
  EXPECT_NEAR(served, 500, 80);  // 5 standard errors of a draw
}

INSTANTIATE_TEST_SUITE_P(Rules, SlowStartAround,
                         ::testing::Values(RuleName{"f5", "round_robin"},
                                           RuleName{"f5", "least_connections"},
                                           RuleName{"modern", "random"}),
                         test_name);

TEST(SlowStart, IsOverWhenItsTimeIs) {
  const auto pool = make_pool("f5", "least_connections", pool_of({1, 1}, {{"slow_start", "100"}}));
  pool->set_health(1, false, at_second(0));
  for (int i = 0; i < 50; ++i) hold(*pool);
  pool->set_health(1, true, at_second(10));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(hold(*pool, {}, at_second(110)), 1u);
}

TEST(SlowStart, TakesAServersOwnTimeBeforeThatOfThePool) {
  PoolConfig config = pool_of({1, 1}, {{"slow_start", "1000"}});
  config.servers[1].slow_start_s = 10;
  const auto pool = make_pool("f5", "round_robin", config);
  pool->set_health(1, false, at_second(0));
  pool->set_health(1, true, at_second(0));
  EXPECT_THAT(shares(*pool, 100, at_second(5)), ElementsAre(75, 25));
  EXPECT_THAT(shares(*pool, 100, at_second(10)), ElementsAre(50, 50));
}

// The groups of the BIG-IP reference guide's example: 3, 2 and 1, at least two active members.
TEST_P(GroupsAround, ServeFromTheHighestPriorityAndHelpWhereMembersAreTooFew) {
  const auto pool =
      make({1, 1, 1, 1, 1, 1}, {{"priority_groups", "3 3 2 2 1 1"}, {"min_active", "2"}});
  const auto used = [&] {
    std::string text;
    for (const int count : shares(*pool, 600)) text += count > 0 ? 'x' : '.';
    return text;
  };
  EXPECT_EQ(used(), "xx....");
  pool->set_health(0, false, kTimeZero);
  EXPECT_EQ(used(), ".xxx..");
  pool->set_health(2, false, kTimeZero);
  EXPECT_EQ(used(), ".x.x..");  // two in all: enough
  pool->set_health(1, false, kTimeZero);
  EXPECT_EQ(used(), "...xxx");
  pool->set_health(0, true, kTimeZero);
  pool->set_health(1, true, kTimeZero);
  EXPECT_EQ(used(), "xx....");
}

TEST_P(GroupsAround, KeepBackupServersUntilNoOtherIsLeft) {
  PoolConfig config = pool_of({1, 1, 1});
  config.servers[0].backup = true;
  const auto pool = make(config);
  EXPECT_EQ(shares(*pool, 300)[0], 0);
  pool->set_health(1, false, kTimeZero);
  EXPECT_EQ(shares(*pool, 300)[0], 0);
  pool->set_admin(2, AdminState::maintenance, kTimeZero);
  EXPECT_EQ(shares(*pool, 300)[0], 300);
}

TEST_P(GroupsAround, TryABackupServerWhenAllOthersHaveFailedTheRequest) {
  PoolConfig config = pool_of({1, 1, 1}, {{"tries", "0"}});
  config.servers[0].backup = true;
  const auto pool = make(config);
  Attempt attempt;
  ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
  ASSERT_EQ(pool->next({}, attempt, Result::refused, kTimeZero), Pick::server);
  EXPECT_NE(attempt.server, 0u);
  ASSERT_EQ(pool->next({}, attempt, Result::timeout, kTimeZero), Pick::server);
  EXPECT_EQ(attempt.server, 0u);
  EXPECT_EQ(pool->next({}, attempt, Result::reset, kTimeZero), Pick::none);
}

TEST_P(GroupsAround, GoToTheNextGroupWhenTheConnectionLimitsAreReached) {
  PoolConfig config = pool_of({1, 1, 1}, {{"priority_groups", "2 2 1"}});
  for (ServerConfig& server : config.servers) server.max_conns = 3;
  const auto pool = make(config);
  for (int i = 0; i < 6; ++i) EXPECT_THAT(hold(*pool), Lt(2u));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(hold(*pool), 2u);
  EXPECT_EQ(hold(*pool), kNoServer);
  finish(*pool, 1);
  EXPECT_EQ(hold(*pool), 1u);
}

INSTANTIATE_TEST_SUITE_P(Rules, GroupsAround,
                         ::testing::Values(RuleName{"f5", "least_connections"},
                                           RuleName{"modern", "round_robin"},
                                           RuleName{"modern", "rendezvous"}),
                         test_name);

TEST(Tries, EndWithTheirNumberAndAfterAnswers) {
  const auto pool = make_pool("modern", "random", pool_of({1, 1, 1, 1}, {{"tries", "2"}}));
  Attempt attempt;
  ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
  ASSERT_EQ(pool->next({}, attempt, Result::refused, kTimeZero), Pick::server);
  EXPECT_EQ(pool->next({}, attempt, Result::refused, kTimeZero), Pick::none);
  EXPECT_EQ(attempt.memory, 0u);
  for (const Result answer : {Result::ok, Result::server_error, Result::cancelled}) {
    ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
    EXPECT_EQ(pool->next({}, attempt, answer, kTimeZero), Pick::none);
  }
  EXPECT_THAT(pool->describe(), ::testing::Not(HasSubstr("in flight 1")));
}

// F5's Reselect Tries is 0 unless configured.
TEST(Tries, AreOneWithF5) {
  const auto pool = make_pool("f5", "round_robin", pool_of({1, 1}));
  Attempt attempt;
  ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
  EXPECT_EQ(pool->next({}, attempt, Result::refused, kTimeZero), Pick::none);
}

std::string complaint(const PoolConfig& config) {
  try {
    make_pool("f5", "round_robin", config);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(PoolOptions, SayWhatIsWrongAndWhatWouldBeRight) {
  EXPECT_THAT(complaint(pool_of({1, -1, 70000})),
              AllOf(HasSubstr("servers[1].weight: -1"), HasSubstr("servers[2].weight: 70000")));
  EXPECT_THAT(complaint(pool_of({1}, {{"sticky", "clients"}})),
              HasSubstr("off, client, or cookie"));
  EXPECT_THAT(complaint(pool_of({1}, {{"bounded_load", "1"}})), HasSubstr("from 1.001 to 1000"));
  EXPECT_THAT(complaint(pool_of({1, 1}, {{"priority_groups", "1"}})), HasSubstr("2 servers"));
  EXPECT_THAT(complaint(pool_of({1, 1}, {{"priority_groups", "1 x"}})), HasSubstr("no priority"));
  EXPECT_THAT(complaint(pool_of({1}, {{"min_activ", "1"}})), HasSubstr("min_active"));
  EXPECT_THAT(complaint(pool_of({})), HasSubstr("needs a server"));
}

}  // namespace
}  // namespace lbsim::algorithms
