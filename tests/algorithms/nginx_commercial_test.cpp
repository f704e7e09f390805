// What nginx's documentation says of least_time and sticky, and the averages chosen here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "algorithms/nginx/md5.hpp"
#include "algorithms/nginx/response_times.hpp"
#include "algorithms/nginx/sticky.hpp"
#include "algorithms/parameters.hpp"
#include "core/error.hpp"

namespace lbsim::algorithms::nginx {
namespace {

using ::testing::HasSubstr;

PoolConfig servers(const std::vector<int>& weights, GivenParameters parameters = {}) {
  PoolConfig config;
  config.parameters = std::move(parameters);
  for (const int weight : weights) {
    ServerConfig server;
    server.weight = weight;
    server.address = "192.0.2." + std::to_string(config.servers.size() + 1) + ":80";
    config.servers.push_back(server);
  }
  return config;
}

std::unique_ptr<Upstream> make(const std::string& method, const PoolConfig& config) {
  return find_algorithm("nginx", method)->make(config);
}

Time at_ms(int ms) { return kTimeZero + milliseconds(ms); }

// One request at a time, each answered after what its server takes. Returns the picks.
std::vector<int> serve_alone(Upstream& pool, const std::vector<int>& response_ms, int count) {
  std::vector<int> picks(response_ms.size());
  Time now = kTimeZero;
  for (int i = 0; i < count; ++i) {
    Attempt attempt;
    EXPECT_EQ(pool.begin({}, attempt, now), Pick::server);
    now += milliseconds(response_ms[attempt.server]);
    ++picks[attempt.server];
    pool.end(attempt, Result::ok, now);
  }
  return picks;
}

// Requests that never overlap: after one response of each, the fastest has all of them.
TEST(NginxLeastTime, PrefersTheServerThatAnswersFirst) {
  const auto pool = make("least_time", servers({1, 1, 1}));
  EXPECT_EQ(serve_alone(*pool, {30, 10, 20}, 100), (std::vector<int>{1, 98, 1}));
}

// Load is average * (connections + 1) / weight: 20 ms at weight 2 is as good as 10 ms at weight 1,
// and equals take turns by weight.
TEST(NginxLeastTime, TakesTurnsByWeightAmongEquals) {
  const auto pool = make("least_time", servers({2, 1}));
  EXPECT_EQ(serve_alone(*pool, {20, 10}, 300), (std::vector<int>{200, 100}));
}

// 31 requests that stay: the loads 10 * (a + 1) and 20 * (b + 1) meet at a + 1 = 2 * (b + 1).
TEST(NginxLeastTime, FillsServersInInverseProportionToTheirTimes) {
  const auto pool = make("least_time", servers({1, 1}));
  serve_alone(*pool, {10, 20}, 2);
  std::vector<int> conns(2);
  for (int i = 0; i < 31; ++i) {
    Attempt attempt;
    ASSERT_EQ(pool->begin({}, attempt, at_ms(100)), Pick::server);
    ++conns[attempt.server];
  }
  EXPECT_EQ(conns, (std::vector<int>{21, 10}));
}

// The average moves by an eighth: 80 ms, then one response of 0 s (1 ms): 80 - 79 / 8 = 70 (whole).
TEST(NginxLeastTime, AveragesMoveByAnEighthTowardsEachResponse) {
  ResponseTimes times(1, false);
  const Peers peers(servers({1}).servers, true, true);
  times.measured(0, milliseconds(80));
  EXPECT_EQ(times.average_ms(0), 80.0);
  times.measured(0, Duration{0});
  EXPECT_NEAR(times.average_ms(0), 80.0 - 79.0 / 8, 0.125);
  EXPECT_EQ(times.load(peers, 0, kTimeZero), 8 * 80 - 79);
}

// Headers come after 20 ms and 10 ms, the rest makes the second server the slower one.
TEST(NginxLeastTime, MeasuresUpToTheHeaderOrToTheLastByte) {
  for (const auto& [time, preferred] : {std::pair{"header", 1u}, std::pair{"last_byte", 0u}}) {
    const auto pool = make("least_time", servers({1, 1}, {{"time", time}}));
    for (int i = 0; i < 2; ++i) {
      Attempt attempt;
      ASSERT_EQ(pool->begin({}, attempt, at_ms(1000 * i)), Pick::server);
      const bool first = attempt.server == 0;
      pool->header(attempt, at_ms(1000 * i + (first ? 20 : 10)));
      pool->end(attempt, Result::ok, at_ms(1000 * i + (first ? 30 : 100)));
    }
    Attempt attempt;
    ASSERT_EQ(pool->begin({}, attempt, at_ms(5000)), Pick::server);
    EXPECT_EQ(attempt.server, preferred) << time;
  }
}

// Server 0 has answered in 10 ms, 1 in 25 ms. Then 0 holds one request for 300 ms: its mean age is
// seen only with inflight (20 < 25 by average and connections, 600 > 25 by age).
TEST(NginxLeastTime, CountsIncompleteRequestsOnlyIfAskedTo) {
  for (const auto& [inflight, picked] : {std::pair{"off", 0u}, std::pair{"on", 1u}}) {
    const auto pool = make("least_time", servers({1, 1}, {{"inflight", inflight}}));
    serve_alone(*pool, {10, 25}, 2);
    Attempt stuck;
    ASSERT_EQ(pool->begin({}, stuck, at_ms(1000)), Pick::server);
    ASSERT_EQ(stuck.server, 0u);
    Attempt attempt;
    ASSERT_EQ(pool->begin({}, attempt, at_ms(1300)), Pick::server);
    EXPECT_EQ(attempt.server, picked) << inflight;
  }
}

TEST(NginxLeastTime, LearnsNothingFromATryThatFailed) {
  PoolConfig config = servers({1, 1}, {{"inflight", "on"}});
  for (ServerConfig& server : config.servers) server.max_fails = 0;
  const auto pool = make("least_time", config);
  Attempt attempt;
  ASSERT_EQ(pool->begin({}, attempt, at_ms(0)), Pick::server);
  ASSERT_EQ(attempt.server, 0u);
  ASSERT_EQ(pool->next({}, attempt, Result::reset, at_ms(5000)), Pick::server);
  ASSERT_EQ(attempt.server, 1u);
  pool->end(attempt, Result::ok, at_ms(5040));  // 40 ms, not 5,040
  std::vector<int> picks(2);
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(pool->begin({}, attempt, at_ms(60000)), Pick::server);
    ++picks[attempt.server];
  }
  // 0 counts as 1 ms and no connections: 20 requests are 20 ms there, below 1's 40 ms.
  EXPECT_EQ(picks, (std::vector<int>{20, 0}));
}

TEST(NginxLeastTime, RefusesATimeItCannotMeasure) {
  try {
    make("least_time", servers({1}, {{"time", "first_byte"}}));
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("use header or last_byte"));
  }
}

// Two different servers are drawn: of four, the slowest loses every comparison, the fastest wins
// every one, and is in half of the pairs: shares 1/2, 1/3, 1/6, 0.
TEST(NginxRandomTwoLeastTime, GivesTheKthFastestItsShareOfThePairs) {
  constexpr int kPicks = 60000;
  const auto pool = make("random_two_least_time", servers({1, 1, 1, 1}));
  const std::vector<int> picks = serve_alone(*pool, {10, 20, 30, 40}, kPicks);
  EXPECT_NEAR(picks[0], kPicks / 2, 4 * 123);  // standard error sqrt(n p (1 - p)): 122, 115, 91
  EXPECT_NEAR(picks[1], kPicks / 3, 4 * 116);
  EXPECT_NEAR(picks[2], kPicks / 6, 4 * 92);
  EXPECT_LE(picks[3], 3);
}

// Known answers of RFC 1321, section A.5.
TEST(Md5, IsThatOfTheRfc) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(md5_hex("12345678901234567890123456789012345678901234567890123456789012345678901234567"
                    "890"),
            "57edf4a22be3c955ac49da2e2107b67a");
}

Sticky& as_sticky(Upstream& pool) { return dynamic_cast<Sticky&>(pool); }

ServerId serve(Upstream& pool, const Request& request, Time now = kTimeZero) {
  Attempt attempt;
  if (pool.begin(request, attempt, now) != Pick::server) return kNoServer;
  pool.end(attempt, Result::ok, now);
  return attempt.server;
}

Request with_cookie(std::string_view cookie) {
  Request request;
  request.cookie = cookie;
  return request;
}

TEST(NginxSticky, SendsTheHolderOfItsCookieBackWhateverTheMethod) {
  for (const char* method : {"round_robin", "least_conn", "random", "least_time", "hash"}) {
    const auto pool = make(method, servers({1, 1, 1}, {{"sticky", "cookie srv_id path=/"}}));
    const std::string cookie = as_sticky(*pool).set_cookie(2);
    EXPECT_EQ(cookie, "srv_id=" + md5_hex("192.0.2.3:80") + "; path=/");
    const std::string sent = "a=b; " + cookie.substr(0, cookie.find(';'));
    for (int i = 0; i < 20; ++i) EXPECT_EQ(serve(*pool, with_cookie(sent)), 2u) << method;
  }
}

// The documentation: a server with more bound requests is less likely to get unbound ones.
TEST(NginxSticky, CountsBoundRequestsForTheMethod) {
  const auto pool = make("least_conn", servers({1, 1}, {{"sticky", "cookie id"}}));
  const std::string bound = as_sticky(*pool).set_cookie(0);
  std::vector<int> unbound(2);
  for (int i = 0; i < 20; ++i) {
    Attempt attempt;
    ASSERT_EQ(pool->begin(with_cookie(bound), attempt, kTimeZero), Pick::server);
    ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
    ++unbound[attempt.server];
  }
  EXPECT_EQ(unbound, (std::vector<int>{0, 20}));
}

TEST(NginxSticky, PicksAnewWhenTheBoundServerCannotTakeTheRequest) {
  const auto pool = make("round_robin", servers({1, 1}, {{"sticky", "cookie id"}}));
  const std::string bound = as_sticky(*pool).set_cookie(0);
  pool->set_admin(0, AdminState::maintenance, kTimeZero);
  EXPECT_EQ(serve(*pool, with_cookie(bound)), 1u);
  pool->set_admin(0, AdminState::ready, kTimeZero);
  Attempt attempt;
  ASSERT_EQ(pool->begin(with_cookie(bound), attempt, kTimeZero), Pick::server);
  ASSERT_EQ(attempt.server, 0u);
  EXPECT_EQ(pool->next(with_cookie(bound), attempt, Result::refused, kTimeZero), Pick::server);
  EXPECT_EQ(attempt.server, 1u);
  EXPECT_EQ(pool->next(with_cookie(bound), attempt, Result::refused, kTimeZero), Pick::none);
}

TEST(NginxSticky, FindsARouteInTheFirstVariableThatIsNotEmpty) {
  PoolConfig config = servers({1, 1, 1}, {{"sticky", "route $cookie_route $arg_route"}});
  config.servers[1].cookie = "b";
  config.servers[2].cookie = "c";
  const auto pool = make("round_robin", config);
  Request request;
  request.target = "/?x=1&route=c";
  EXPECT_EQ(serve(*pool, request), 2u);
  request.cookie = "ROUTE=b";
  EXPECT_EQ(serve(*pool, request), 1u);
  request.cookie = "route=gone";
  EXPECT_EQ(serve(*pool, request), 0u);  // as without a route: the first turn
}

TEST(NginxSticky, LearnsTheSessionsThatServersBeginAndForgetsThem) {
  const auto pool =
      make("round_robin", servers({1, 1}, {{"sticky",
                                            "learn create=$upstream_cookie_sid lookup=$cookie_sid "
                                            "zone=client_sessions:1m timeout=90s"}}));
  as_sticky(*pool).session_created(1, "s1", at_ms(0));
  for (int i = 1; i <= 5; ++i) EXPECT_EQ(serve(*pool, with_cookie("sid=s1"), at_ms(80000 * i)), 1u);
  for (const ServerId turn : {0u, 1u}) EXPECT_EQ(serve(*pool, {}, at_ms(400000)), turn);
  EXPECT_EQ(serve(*pool, with_cookie("sid=s1"), at_ms(400000 + 90001)), 0u);
}

TEST(NginxSticky, BindsAClientByItsAddressOnceItWasAnswered) {
  const auto pool =
      make("round_robin", servers({1, 1, 1}, {{"sticky",
                                               "learn create=$binary_remote_addr "
                                               "lookup=$binary_remote_addr zone=c:1m"}}));
  std::vector<ServerId> first;
  for (int round = 0; round < 3; ++round) {
    for (std::uint32_t client = 0; client < 7; ++client) {
      Request request;
      request.client = Address::v4(0x0a000001 + client);
      const ServerId server = serve(*pool, request);
      if (round == 0) first.push_back(server);
      EXPECT_EQ(server, first[client]);
    }
  }
  EXPECT_EQ(first, (std::vector<ServerId>{0, 1, 2, 0, 1, 2, 0}));
}

// A client whose server failed stays with the one that answered.
TEST(NginxSticky, MovesASessionToTheServerThatAnswered) {
  const auto pool = make("round_robin", servers({1, 1}, {{"sticky",
                                                          "learn create=$arg_s "
                                                          "lookup=$arg_s zone=c:1m"}}));
  Request request;
  request.target = "/?s=7";
  ASSERT_EQ(serve(*pool, request), 0u);
  Attempt attempt;
  ASSERT_EQ(pool->begin(request, attempt, kTimeZero), Pick::server);
  ASSERT_EQ(attempt.server, 0u);
  ASSERT_EQ(pool->next(request, attempt, Result::reset, kTimeZero), Pick::server);
  pool->end(attempt, Result::ok, kTimeZero);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(serve(*pool, request), 1u);
}

// 1k of a zone holds 3 sessions; the one that was not asked for the longest makes room.
TEST(NginxSticky, DropsTheLeastRecentSessionWhenTheZoneIsFull) {
  Sessions sessions(3, seconds(600));
  for (const char* name : {"a", "b", "c"}) sessions.put(name, 1, kTimeZero);
  EXPECT_EQ(sessions.find("a", kTimeZero), 1u);
  sessions.put("d", 0, kTimeZero);
  EXPECT_EQ(sessions.find("b", kTimeZero), kNoServer);
  EXPECT_EQ(sessions.find("a", kTimeZero), 1u);
  EXPECT_EQ(sessions.size(), 3u);
}

TEST(NginxSticky, SaysWhatADirectiveLacks) {
  const std::pair<const char*, const char*> cases[] = {
      {"ip", "cookie NAME, route $VARIABLE"},
      {"learn create=$arg_a zone=a:1m", "learn needs create, lookup and zone"},
      {"learn create=$arg_a lookup=$arg_a zone=a", "has no size"},
      {"route $cooky_a", "unknown variable $cooky_a"},
      {"cookie a expires=soon", "has no number above 0"},
      {"cookie a lifetime=1h", "nothing that a cookie has"},
  };
  for (const auto& [directive, message] : cases) {
    try {
      make("round_robin", servers({1}, {{"sticky", directive}}));
      FAIL() << directive << " was accepted";
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr(message));
      EXPECT_THAT(error.what(), HasSubstr("sticky"));
    }
  }
}

}  // namespace
}  // namespace lbsim::algorithms::nginx
