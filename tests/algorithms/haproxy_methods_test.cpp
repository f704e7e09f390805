// The laws that the methods keep.
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "core/error.hpp"
#include "core/random.hpp"
#include "haproxy_pool.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

// In each turn of sum(weights) picks every server has exactly its weight.
TEST(HaproxyRoundRobin, GivesEachServerItsWeightInEveryTurn) {
  const std::vector<int> weights = {4, 3, 2, 1};
  for (const char* method : {"roundrobin", "static-rr"}) {
    const auto backend = make(method, weighted(weights));
    for (int turn = 0; turn < 20; ++turn) EXPECT_EQ(shares(*backend, 10), weights) << method;
  }
}

TEST(HaproxyRoundRobin, FollowsAWeightThatChanges) {
  const auto backend = make("roundrobin", weighted({10, 10}));
  shares(*backend, 7);
  backend->set_weight(1, 30, kTimeZero);
  shares(*backend, 400);  // the turn under way ends
  // 10 : 30, so a quarter, to within one turn of the true share.
  EXPECT_NEAR(shares(*backend, 4000)[0], 1000, 40);
}

// Keys: 4096 * (n + 1) / (16 * weight) with n in flight. With weights 3 : 1 the heavy server has
// key 4096 * (n + 1) / 48 and is preferred while (n1 + 1) / 3 < n2 + 1.
TEST(HaproxyLeastConnections, BalancesRequestsInFlightPerWeight) {
  const auto backend = make("leastconn", weighted({3, 1}));
  std::vector<Attempt> open(40);
  for (Attempt& attempt : open) backend->begin({}, attempt, kTimeZero);
  EXPECT_EQ(backend->server(0).served, 30U);
  EXPECT_EQ(backend->server(1).served, 10U);
}

TEST(HaproxyLeastConnections, UsesIdleServersInTurnWhateverTheirWeights) {
  const auto backend = make("leastconn", weighted({100, 1, 7}));
  EXPECT_EQ(shares(*backend, 300), (std::vector<int>{100, 100, 100}));
}

// A winner is one that no usable server with room beats, at each of many random steps.
TEST(HaproxyLeastConnections, NeverPicksAServerBusierForItsWeightThanAnother) {
  Random random(11);
  const auto backend = make("leastconn", weighted({1, 2, 3, 4, 5, 6, 7, 8, 9}, 12));
  std::vector<Attempt> open;
  const auto key = [&](ServerId s) {
    const Server& server = backend->server(s);
    return server.served == 0 ? 0U : (server.served + 1) * 4096 / server.weight;
  };
  for (int step = 0; step < 20'000; ++step) {
    if (!open.empty() && (random.below(2) == 0 || open.size() > 90)) {
      const std::size_t i = random.below(open.size());
      backend->end(open[i], Result::ok, kTimeZero);
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
      continue;
    }
    std::uint32_t least = ~0U;
    for (ServerId s = 0; s < 9; ++s) {
      if (backend->server(s).served < 12) least = std::min(least, key(s));
    }
    std::vector<std::uint32_t> keys;
    for (ServerId s = 0; s < 9; ++s) keys.push_back(key(s));
    Attempt attempt;
    ASSERT_EQ(backend->begin({}, attempt, kTimeZero), Pick::server);
    ASSERT_EQ(keys[attempt.server], least) << "step " << step;
    open.push_back(attempt);
  }
}

TEST(HaproxyFirst, FillsServersInOrderOfTheirIdsAndQueuesWhenAllAreFull) {
  std::vector<ServerConfig> servers = weighted({1, 1, 1}, 2);
  servers[0].id = 30;
  servers[1].id = 10;
  servers[2].id = 20;
  const auto backend = make("first", servers);
  std::vector<ServerId> picks;
  for (int i = 0; i < 6; ++i) {
    Attempt attempt;
    backend->begin({}, attempt, kTimeZero);
    picks.push_back(attempt.server);
  }
  EXPECT_EQ(picks, (std::vector<ServerId>{1, 1, 2, 2, 0, 0}));
  Attempt attempt;
  EXPECT_EQ(backend->begin({}, attempt, kTimeZero), Pick::queued);
}

Request from(std::uint32_t address) {
  Request request;
  request.client = Address::v4(address);
  return request;
}

// A map of W entries is one of residues: addresses that agree modulo W share a server, and each
// server has exactly its weight among W addresses in a row.
TEST(HaproxySource, DividesAddressesByTheirResidueWithAMap) {
  const auto backend = make("source", weighted({5, 1, 3}));
  std::vector<int> counts(3);
  for (std::uint32_t a = 0; a < 900; ++a) {
    const ServerId server = serve(*backend, from(a));
    ++counts[server];
    EXPECT_EQ(server, serve(*backend, from(a + 9)));
  }
  EXPECT_EQ(counts, (std::vector<int>{500, 100, 300}));
}

// Consistency: when a server leaves, only its own clients move, and all return with it.
TEST(HaproxySource, MovesOnlyTheClientsOfALostServerWithARing) {
  const auto backend = make("source", weighted({2, 1, 4, 1}), {{"hash-type", "consistent"}});
  std::vector<ServerId> home;
  for (std::uint32_t a = 0; a < 2000; ++a) home.push_back(serve(*backend, from(a * 7919)));
  backend->set_admin(2, AdminState::maintenance, kTimeZero);
  for (std::uint32_t a = 0; a < 2000; ++a) {
    const ServerId now = serve(*backend, from(a * 7919));
    EXPECT_EQ(now, home[a] == 2 ? now : home[a]);
    EXPECT_NE(now, 2U);
  }
  backend->set_admin(2, AdminState::ready, kTimeZero);
  for (std::uint32_t a = 0; a < 2000; ++a) EXPECT_EQ(serve(*backend, from(a * 7919)), home[a]);
}

// One hot key: without a bound its owner has all; with factor f no server has more than
// ceil(f / 100 * (requests + 1) * its share), plus the one slot that all have.
TEST(HaproxyUri, KeepsBoundedLoads) {
  const auto backend = make("uri", weighted({1, 1, 1, 1}),
                            {{"hash-type", "consistent"}, {"hash-balance-factor", "150"}});
  Request request;
  request.target = "/hot";
  std::vector<Attempt> open(80);
  for (Attempt& attempt : open) backend->begin(request, attempt, kTimeZero);
  for (ServerId s = 0; s < 4; ++s) EXPECT_LE(backend->server(s).served, 31U);
  EXPECT_EQ(std::max({backend->server(0).served, backend->server(1).served,
                      backend->server(2).served, backend->server(3).served}),
            30U);
}

ServerId serve_target(Backend& backend, std::string_view target) {
  Request request;
  request.target = target;
  return serve(backend, request);
}

TEST(HaproxyUri, LooksAtNoMoreOfTheTargetThanItIsTold) {
  const std::vector<int> equal(97, 1);  // so many that other inputs rarely share a server
  const auto plain = make("uri", weighted(equal));
  EXPECT_EQ(serve_target(*plain, "/a/b/c?x=1"), serve_target(*plain, "/a/b/c?x=2"));
  EXPECT_NE(serve_target(*plain, "/a/b/c"), serve_target(*plain, "/a/b/d"));
  const auto whole = make("uri", weighted(equal), {{"whole", "yes"}});
  EXPECT_NE(serve_target(*whole, "/a/b/c?x=1"), serve_target(*whole, "/a/b/c?x=2"));
  const auto deep = make("uri", weighted(equal), {{"depth", "2"}});
  EXPECT_EQ(serve_target(*deep, "/a/b/c"), serve_target(*deep, "/a/b/d"));
  EXPECT_NE(serve_target(*deep, "/a/b/c"), serve_target(*deep, "/a/e/c"));
  const auto path = make("uri", weighted(equal), {{"path-only", "yes"}});
  EXPECT_EQ(serve_target(*path, "http://one/a"), serve_target(*path, "/a"));
}

// Two draws on equal arcs: with all servers idle the later draw stays, so shares are those of the
// arcs, near the weights (16 nodes per unit: a few percent off), and the sequence repeats exactly.
TEST(HaproxyRandom, FollowsTheWeightsAndRepeatsItself) {
  const auto a = make("random", weighted({100, 60, 40}));
  const auto b = make("random", weighted({100, 60, 40}));
  const std::vector<int> counts = shares(*a, 20'000);
  EXPECT_EQ(counts, shares(*b, 20'000));
  EXPECT_NEAR(counts[0], 10'000, 800);
  EXPECT_NEAR(counts[1], 6'000, 800);
}

// With d draws and n held requests on equal servers the maximum stays close to the mean.
TEST(HaproxyRandom, TwoDrawsKeepHeldRequestsCloserToTheMeanThanOne) {
  std::uint32_t highest[2] = {0, 0};
  for (const int draws : {1, 2}) {
    const auto backend =
        make("random", weighted(std::vector<int>(20, 10)), {{"draws", std::to_string(draws)}});
    std::vector<Attempt> open(1000);
    for (Attempt& attempt : open) backend->begin({}, attempt, kTimeZero);
    for (ServerId s = 0; s < 20; ++s) {
      highest[draws - 1] = std::max(highest[draws - 1], backend->server(s).served);
    }
  }
  EXPECT_GT(highest[0], 60U);  // mean 50, standard deviation 7
  EXPECT_LT(highest[1], 55U);
}

TEST(HaproxyParameters, ThatTheRealConfigurationRefusesAreInputErrors) {
  const auto refused = [](const char* method, const Settings& settings) {
    try {
      make(method, weighted({1, 1}), settings);
    } catch (const InputError& error) {
      return error.diagnostics().front().field;
    }
    return std::string("none");
  };
  EXPECT_EQ(refused("uri", {{"hash-type", "consistent md5"}}), "hash-type");
  EXPECT_EQ(refused("uri", {{"hash-balance-factor", "90"}}), "hash-balance-factor");
  EXPECT_EQ(refused("uri", {{"depht", "2"}}), "depht");
  EXPECT_EQ(refused("random", {{"draws", "0"}}), "draws");
  EXPECT_EQ(refused("hash", {{"expression", "req.body"}}), "expression");
  EXPECT_EQ(refused("hash", {{"expression", "req.hdr("}}), "expression");
  EXPECT_EQ(refused("url_param", {}), "name");
  EXPECT_EQ(refused("leastconn", {{"cookie", "SRV inserted"}}), "cookie");
  EXPECT_EQ(refused("leastconn", {{"allbackups", "maybe"}}), "allbackups");
  EXPECT_EQ(refused("leastconn", {{"retries", "3"}}), "none");
}

}  // namespace
}  // namespace lbsim::algorithms::haproxy
