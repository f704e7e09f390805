// Queues, persistence, retries and changes at run time, which all methods share.
#include <gtest/gtest.h>

#include "core/random.hpp"
#include "haproxy_pool.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

Request numbered(std::uint64_t ticket, int priority = 0) {
  Request request;
  request.ticket = ticket;
  request.priority = priority;
  return request;
}

TEST(HaproxyBackend, RemembersNothingOfOrdinaryRequests) {
  const auto backend = make("roundrobin", weighted({1, 1}));
  Attempt attempt;
  ASSERT_EQ(backend->begin({}, attempt, kTimeZero), Pick::server);
  EXPECT_EQ(attempt.memory, 0U);
}

// No server ever serves more than its maxconn, and no request is lost: those begun are those
// ended, abandoned, served or waiting.
TEST(HaproxyBackend, KeepsLimitsAndRequestsOverRandomHistories) {
  for (const char* method : {"roundrobin", "static-rr", "leastconn", "first", "random", "source"}) {
    Random random(3);
    const auto backend = make(method, weighted({3, 2, 1, 1}, 3), {{"allbackups", "yes"}});
    std::map<std::uint64_t, Attempt> open;
    std::uint64_t begun = 0;
    std::uint64_t over = 0;
    for (int step = 0; step < 20'000; ++step) {
      const std::uint64_t dice = random.below(100);
      if (dice < 50 && open.size() < 40) {
        Request request = numbered(begun++);
        request.client = Address::v4(static_cast<std::uint32_t>(random.below(50)));
        Attempt attempt;
        ASSERT_NE(backend->begin(request, attempt, kTimeZero), Pick::none);
        open[request.ticket] = attempt;
      } else if (!open.empty()) {
        const auto request =
            std::next(open.begin(), static_cast<std::ptrdiff_t>(random.below(open.size())));
        if (request->second.server == kNoServer) {
          backend->abandon(request->first, kTimeZero);
        } else {
          backend->end(request->second, Result::ok, kTimeZero);
        }
        open.erase(request);
        ++over;
      }
      for (const Started& s : backend->started()) open.at(s.ticket).server = s.server;
      backend->started().clear();
      std::uint64_t served = 0;
      std::uint64_t waiting = backend->waiting();
      for (ServerId s = 0; s < 4; ++s) {
        ASSERT_LE(backend->server(s).served, 3U) << method;
        served += backend->server(s).served;
        waiting += backend->server(s).waiting;
      }
      ASSERT_EQ(begun, over + served + waiting) << method;
      ASSERT_EQ(open.size(), served + waiting) << method;
    }
  }
}

TEST(HaproxyBackend, StartsWhoeverHasTheSmallestPriorityClassFirst) {
  const auto backend = make("leastconn", weighted({1}, 1));
  Attempt first;
  backend->begin(numbered(0), first, kTimeZero);
  Attempt waiting;
  for (const auto& [ticket, priority] : {std::pair{1, 5}, {2, 0}, {3, -2}, {4, 0}}) {
    EXPECT_EQ(
        backend->begin(numbered(static_cast<std::uint64_t>(ticket), priority), waiting, kTimeZero),
        Pick::queued);
  }
  backend->end(first, Result::ok, kTimeZero);
  ASSERT_EQ(backend->started().size(), 1U);
  EXPECT_EQ(backend->started()[0].ticket, 3U);
}

Request with_cookie(std::string_view cookie) {
  Request request;
  request.cookie = cookie;
  return request;
}

std::vector<ServerConfig> named() {
  std::vector<ServerConfig> servers = weighted({1, 1});
  servers[0].cookie = "a";
  servers[1].cookie = "b";
  return servers;
}

TEST(HaproxyCookie, KeepsAClientAtItsServerWhileThatRunsOrDrains) {
  const auto backend = make("roundrobin", named(), {{"cookie", "S insert indirect nocache"}});
  const Request client = with_cookie("x=b; S=a");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(serve(*backend, client), 0U);
  backend->set_admin(0, AdminState::drain, kTimeZero);
  EXPECT_EQ(serve(*backend, client), 0U);
  EXPECT_EQ(serve(*backend), 1U);
  backend->set_admin(0, AdminState::maintenance, kTimeZero);
  EXPECT_EQ(serve(*backend, client), 1U);
}

TEST(HaproxyCookie, IsSetForThoseThatTheMethodPlaced) {
  const auto backend = make("roundrobin", named(), {{"cookie", "S insert httponly domain x.org"}});
  Attempt attempt;
  backend->begin(with_cookie("S=a"), attempt, kTimeZero);
  EXPECT_EQ(backend->set_cookie(attempt), nullptr);
  backend->begin(with_cookie("S=unknown"), attempt, kTimeZero);
  ASSERT_NE(backend->set_cookie(attempt), nullptr);
  EXPECT_TRUE(backend->set_cookie(attempt)->ends_with("; path=/; HttpOnly; domain=x.org"));
}

// Retries without redispatch stay, and end after `retries`; with it, they leave at the last one.
// The first request with its cookie takes the only slot, the second waits until the server goes.
TEST(HaproxyCookie, LetsThoseWhoWaitGoWhenAServerThatDrainsGoesDown) {
  std::vector<ServerConfig> servers = weighted({1, 1}, 1);
  servers[0].cookie = "a";
  const auto backend = make("roundrobin", servers, {{"cookie", "C insert"}, {"redispatch", "yes"}});
  backend->set_admin(0, AdminState::drain, kTimeZero);
  Attempt first, second;
  Request request = numbered(1);
  request.cookie = "C=a";
  EXPECT_EQ(backend->begin(request, first, kTimeZero), Pick::server);
  request.ticket = 2;
  EXPECT_EQ(backend->begin(request, second, kTimeZero), Pick::queued);
  backend->set_admin(0, AdminState::maintenance, kTimeZero);
  ASSERT_EQ(backend->started().size(), 1U);
  EXPECT_EQ(backend->started()[0].ticket, 2U);
  EXPECT_EQ(backend->started()[0].server, 1U);
}

TEST(HaproxyRetries, LeaveTheServerOnlyWhenRedispatchSaysSo) {
  const auto tries = [](const Settings& settings) {
    const auto backend = make("leastconn", weighted({1, 1}), settings);
    Attempt attempt;
    std::string servers;
    Pick pick = backend->begin({}, attempt, kTimeZero);
    while (pick == Pick::server) {
      servers += std::to_string(attempt.server);
      pick = backend->next({}, attempt, Result::refused, kTimeZero);
    }
    return servers;
  };
  EXPECT_EQ(tries({}), "0000");
  EXPECT_EQ(tries({{"retries", "0"}}), "0");
  EXPECT_EQ(tries({{"redispatch", "yes"}}), "0001");
  EXPECT_EQ(tries({{"redispatch", "1"}}), "0101");
  EXPECT_EQ(tries({{"redispatch", "2"}}), "0011");
  EXPECT_EQ(tries({{"redispatch", "-2"}}), "0011");
}

TEST(HaproxyBackup, OnlyTheFirstServesUnlessAllAreAsked) {
  std::vector<ServerConfig> servers = weighted({1, 1, 1});
  servers[1].backup = servers[2].backup = true;
  for (const char* method : {"roundrobin", "leastconn", "static-rr", "random", "first"}) {
    const auto one = make(method, servers);
    one->set_admin(0, AdminState::maintenance, kTimeZero);
    EXPECT_EQ(shares(*one, 10), (std::vector<int>{0, 10, 0})) << method;
  }
  const auto all = make("roundrobin", servers, {{"allbackups", "yes"}});
  EXPECT_EQ(shares(*all, 10), (std::vector<int>{10, 0, 0}));
  all->set_admin(0, AdminState::maintenance, kTimeZero);
  EXPECT_EQ(shares(*all, 10), (std::vector<int>{0, 5, 5}));
}

// Of weight 16 the server has (16 e + 4) / 4 sixteenths after e of 4 seconds: 1, 5, 9, 13, 16.
TEST(HaproxySlowStart, RaisesTheWeightEachSecond) {
  std::vector<ServerConfig> servers = weighted({16, 16});
  servers[1].slow_start_s = 4;
  const auto backend = make("roundrobin", servers);
  backend->set_admin(1, AdminState::maintenance, kTimeZero);
  backend->set_admin(1, AdminState::ready, kTimeZero);
  std::vector<std::uint32_t> weights;
  for (int second = 0; second < 6; ++second) {
    serve(*backend, {}, kTimeZero + seconds(second) + milliseconds(500));
    weights.push_back(backend->server(1).weight / 16);
  }
  EXPECT_EQ(weights, (std::vector<std::uint32_t>{1, 5, 9, 13, 16, 16}));
}

TEST(HaproxySlowStart, EndsWithTheServerThatWasStarting) {
  std::vector<ServerConfig> servers = weighted({16, 16});
  servers[1].slow_start_s = 4;
  const auto backend = make("roundrobin", servers);
  backend->set_admin(1, AdminState::maintenance, kTimeZero);
  backend->set_admin(1, AdminState::ready, kTimeZero);
  backend->set_admin(1, AdminState::maintenance, kTimeZero + milliseconds(500));
  EXPECT_EQ(serve(*backend, {}, kTimeZero + seconds(3)), 0U);
  EXPECT_FALSE(backend->server(1).usable);
}

TEST(HaproxyWeights, OfStaticMethodsAreOnlyWholeOrNothing) {
  const auto fixed = make("static-rr", weighted({4, 8}));
  fixed->set_weight(1, 5, kTimeZero);
  EXPECT_EQ(fixed->server(1).weight, 2U);  // 8 / gcd(4, 8)
  fixed->set_weight_percent(1, 0, kTimeZero);
  EXPECT_EQ(shares(*fixed, 6), (std::vector<int>{6, 0}));
  const auto moving = make("roundrobin", weighted({4, 8}));
  moving->set_weight_percent(1, 50, kTimeZero);
  EXPECT_EQ(moving->server(1).weight, 4U * 16);
}

// minconn 2, maxconn 8, fullconn 16: with n sessions the limit is max(2, n * 8 / 16).
TEST(HaproxyDynamicLimit, GrowsWithTheSessionsOfTheBackend) {
  std::vector<ServerConfig> servers = weighted({1}, 8);
  servers[0].min_conns = 2;
  const auto backend = make("leastconn", servers, {{"fullconn", "16"}});
  Attempt attempt;
  for (std::uint64_t ticket = 0; ticket < 20; ++ticket) {
    backend->begin(numbered(ticket), attempt, kTimeZero);
  }
  // The 1st and 2nd get the two slots; the nth finds a limit of n / 2 above what is served when
  // n = 6 (limit 3), 8, 10, 12, 14 and, from n = 16 on, 8.
  EXPECT_EQ(backend->server(0).served, 8U);
  EXPECT_EQ(backend->waiting(), 12U);
}

}  // namespace
}  // namespace lbsim::algorithms::haproxy
