// The laws that nginx's methods promise, and the edges of their rules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "algorithms/algorithm.hpp"
#include "algorithms/nginx/crc32.hpp"
#include "algorithms/nginx/glibc_random.hpp"
#include "algorithms/nginx/key.hpp"
#include "core/error.hpp"

namespace lbsim::algorithms::nginx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

PoolConfig servers(const std::vector<int>& weights) {
  PoolConfig config;
  for (const int weight : weights) {
    ServerConfig server;
    server.weight = weight;
    server.address = "10.0.0." + std::to_string(config.servers.size() + 1) + ":80";
    config.servers.push_back(server);
  }
  return config;
}

std::unique_ptr<Upstream> make(const std::string& method, const PoolConfig& config) {
  return find_algorithm("nginx", method)->make(config);
}

Time at_second(int second) { return kTimeZero + seconds(second); }

ServerId serve(Upstream& pool, const Request& request = {}, Time now = kTimeZero) {
  Attempt attempt;
  if (pool.begin(request, attempt, now) != Pick::server) return kNoServer;
  const ServerId server = attempt.server;
  pool.end(attempt, Result::ok, now);
  return server;
}

std::vector<ServerId> serve_many(Upstream& pool, int count) {
  std::vector<ServerId> picks;
  for (int i = 0; i < count; ++i) picks.push_back(serve(pool));
  return picks;
}

TEST(NginxRoundRobin, SpreadsAHeavyServerOverThePeriod) {
  const auto pool = make("round_robin", servers({5, 1, 1}));
  EXPECT_THAT(serve_many(*pool, 7), ElementsAre(0, 0, 1, 0, 2, 0, 0));
}

// In every window of total / gcd picks each server gets weight / gcd of them, exactly.
TEST(NginxRoundRobin, GivesEachServerItsExactShareOfEveryPeriod) {
  const std::vector<int> weights = {6, 10, 2, 14, 8};
  const auto pool = make("round_robin", servers(weights));
  for (int period = 0; period < 5; ++period) {
    std::vector<int> counts(weights.size());
    for (const ServerId server : serve_many(*pool, 20)) ++counts[server];
    EXPECT_THAT(counts, ElementsAre(3, 5, 1, 7, 4));
  }
}

// Failed at second 0 with fail_timeout 10: tried again at 11, and not at 10.
TEST(NginxFailures, KeepAServerOutForItsTimeoutAndOneSecond) {
  const auto pool = make("round_robin", servers({1, 1}));
  Attempt attempt;
  ASSERT_EQ(pool->begin({}, attempt, at_second(0)), Pick::server);
  ASSERT_EQ(attempt.server, 0u);
  ASSERT_EQ(pool->next({}, attempt, Result::refused, at_second(0)), Pick::server);
  EXPECT_EQ(attempt.server, 1u);
  EXPECT_NE(attempt.memory, 0u);
  pool->end(attempt, Result::ok, at_second(0));
  for (int i = 0; i < 8; ++i) EXPECT_EQ(serve(*pool, {}, at_second(10)), 1u);
  bool back = false;
  for (int i = 0; i < 3; ++i) back = serve(*pool, {}, at_second(11)) == 0 || back;
  EXPECT_TRUE(back);
}

TEST(NginxFailures, EndTheRequestWhenTriesAreUsedUpAndSayWhich) {
  PoolConfig config = servers({1, 1, 1});
  config.parameters["tries"] = "2";
  const auto pool = make("round_robin", config);
  Attempt attempt;
  ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
  ASSERT_EQ(pool->next({}, attempt, Result::timeout, kTimeZero), Pick::server);
  EXPECT_EQ(pool->next({}, attempt, Result::reset, kTimeZero), Pick::none);
  EXPECT_EQ(attempt.server, 1u);  // a third server was eligible, but not allowed
  EXPECT_EQ(attempt.memory, 0u);
}

TEST(NginxFailures, PassA5xxResponseOnUnlessAConditionNamesIt) {
  const auto ordinary = make("round_robin", servers({1, 1}));
  Attempt attempt;
  ASSERT_EQ(ordinary->begin({}, attempt, kTimeZero), Pick::server);
  EXPECT_EQ(ordinary->next({}, attempt, Result::server_error, kTimeZero), Pick::none);
  EXPECT_THAT(serve_many(*ordinary, 3), ElementsAre(1, 0, 1));  // it was no failure

  PoolConfig config = servers({1, 1});
  config.parameters["proxy_next_upstream"] = "error http_503";
  const auto retrying = make("round_robin", config);
  ASSERT_EQ(retrying->begin({}, attempt, kTimeZero), Pick::server);
  EXPECT_EQ(retrying->next({}, attempt, Result::server_error, kTimeZero), Pick::server);
  EXPECT_EQ(retrying->next({}, attempt, Result::server_error, kTimeZero), Pick::none);
  EXPECT_THAT(serve_many(*retrying, 3), ElementsAre(1, 1, 1));
}

TEST(NginxFailures, NeverMarkALoneServer) {
  const auto pool = make("least_conn", servers({1}));
  Attempt attempt;
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
    EXPECT_EQ(pool->next({}, attempt, Result::refused, kTimeZero), Pick::none);
  }
  EXPECT_EQ(serve(*pool), 0u);
}

// Held requests settle at conns / weight equal: after 4 * 7 begins, 4 * weight each.
TEST(NginxLeastConn, FillsServersInProportionToTheirWeights) {
  const auto pool = make("least_conn", servers({4, 2, 1}));
  std::vector<int> conns(3);
  for (int i = 0; i < 28; ++i) {
    Attempt attempt;
    ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
    ++conns[attempt.server];
  }
  EXPECT_THAT(conns, ElementsAre(16, 8, 4));
}

// Weights whose least common multiple fits no 32-bit load fall back to comparing products.
TEST(NginxLeastConn, NeedsNoCommonMultiple) {
  const auto pool = make("least_conn", servers({65521, 65519, 32749}));
  std::vector<int> conns(3);
  for (int i = 0; i < 500; ++i) {
    Attempt attempt;
    ASSERT_EQ(pool->begin({}, attempt, kTimeZero), Pick::server);
    ++conns[attempt.server];
  }
  EXPECT_NEAR(conns[0], 200, 1);
  EXPECT_NEAR(conns[1], 200, 1);
  EXPECT_NEAR(conns[2], 100, 1);
}

// Share of server i is w_i / W; 100,000 draws give a standard deviation below 160: 5 sigma is 800.
TEST(NginxRandom, DrawsInProportionToWeight) {
  const auto pool = make("random", servers({5, 3, 2}));
  std::vector<int> counts(3);
  for (const ServerId server : serve_many(*pool, 100'000)) ++counts[server];
  EXPECT_NEAR(counts[0], 50'000, 800);
  EXPECT_NEAR(counts[1], 30'000, 800);
  EXPECT_NEAR(counts[2], 20'000, 800);
}

// Idle servers tie, so the second draw wins: P(i) = sum over first j != i of p_j p_i / (1 - p_j).
TEST(NginxRandomTwo, GivesIdleServersTheShareOfASecondDraw) {
  const double p[] = {0.5, 0.3, 0.2};
  const auto pool = make("random_two_least_conn", servers({5, 3, 2}));
  std::vector<int> counts(3);
  for (const ServerId server : serve_many(*pool, 100'000)) ++counts[server];
  for (int i = 0; i < 3; ++i) {
    double share = 0;
    for (int j = 0; j < 3; ++j) share += i == j ? 0 : p[j] * p[i] / (1 - p[j]);
    EXPECT_NEAR(counts[static_cast<std::size_t>(i)], 100'000 * share, 800);
  }
}

// With n servers of which one is taken away, only the keys of that one move.
TEST(NginxHashConsistent, MovesOnlyTheKeysOfARemovedServer) {
  PoolConfig config = servers({1, 1, 1, 1, 1});
  const auto before = make("hash_consistent", config);
  config.servers.pop_back();
  const auto after = make("hash_consistent", config);
  int moved = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string target = "/item/" + std::to_string(i);
    Request request;
    request.target = target;
    const ServerId old = serve(*before, request);
    const ServerId now = serve(*after, request);
    if (old == 4) {
      ++moved;
    } else {
      EXPECT_EQ(old, now);
    }
  }
  EXPECT_NEAR(moved, 400, 120);
}

// Two servers with one address share its keys by smooth weighted round robin, here 3 : 1.
TEST(NginxHashConsistent, SharesTheKeysOfOneAddressAmongItsServers) {
  PoolConfig config = servers({3, 1, 2});
  config.servers[1].address = config.servers[0].address;
  const auto pool = make("hash_consistent", config);
  std::vector<int> counts(3);
  for (int i = 0; i < 1000; ++i) {
    const std::string target = "/item/" + std::to_string(i);
    Request request;
    request.target = target;
    ++counts[serve(*pool, request)];
  }
  EXPECT_GT(counts[2], 100);
  EXPECT_GT(counts[1], 50);
  EXPECT_NEAR(counts[0], 3 * counts[1], 3);
}

TEST(NginxIpHash, LooksAtTheNetworkOfAnIpv4Client) {
  const auto pool = make("ip_hash", servers({1, 2, 3, 4}));
  Request request;
  for (std::uint32_t network = 0; network < 200; ++network) {
    request.client = Address::v4(network << 8 | 1);
    const ServerId first = serve(*pool, request);
    request.client = Address::v4(network << 8 | 254);
    EXPECT_EQ(serve(*pool, request), first);
  }
}

TEST(NginxKey, TakesVariablesOutOfTheRequest) {
  Request request;
  request.target = "/a?x=1&Name=two&y&name=3";
  request.host = "example.com";
  std::string buffer;
  EXPECT_EQ(Key("$request_uri").of(request, buffer), "/a?x=1&Name=two&y&name=3");
  EXPECT_EQ(Key("$arg_name").of(request, buffer), "two");
  EXPECT_EQ(Key("$arg_y").of(request, buffer), "");
  EXPECT_EQ(Key("${host}-$arg_x").of(request, buffer), "example.com-1");
  EXPECT_THROW(Key("$uri_path"), InputError);
}

TEST(NginxGenerators, AreThoseOfTheirSources) {
  for (const std::uint32_t seed : {0u, 1u, 1174532086u, 4'000'000'000u}) {
    srandom(seed);
    GlibcRandom ours(seed);
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(ours.next(), static_cast<std::uint32_t>(random()));
  }
  EXPECT_EQ(Crc32().add("123456789").value(), 0xcbf43926u);  // the check value of CRC-32/ISO-HDLC
}

TEST(NginxConfig, NamesEverythingThatIsWrongAtOnce) {
  PoolConfig config = servers({1, 0});
  config.servers[0].backup = true;
  config.parameters["tris"] = "2";
  config.parameters["proxy_next_upstream"] = "errors";
  try {
    make("ip_hash", config);
    FAIL() << "accepted";
  } catch (const InputError& error) {
    const std::string text = error.what();
    EXPECT_THAT(text, HasSubstr("servers[1].weight: must be at least 1"));
    EXPECT_THAT(text, HasSubstr("servers[0].backup"));
    EXPECT_THAT(text, HasSubstr("did you mean \"tries\"?"));
    EXPECT_THAT(text, HasSubstr("did you mean \"error\"?"));
  }
}

}  // namespace
}  // namespace lbsim::algorithms::nginx
