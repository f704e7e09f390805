// What every pool of the catalog must do, whatever its rule.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "core/random.hpp"
#include "pools.hpp"

namespace lbsim::algorithms {
namespace {

constexpr int kServers = 5;

bool takes(const AlgorithmSpec& spec, const std::string& name) {
  return std::any_of(spec.parameters.begin(), spec.parameters.end(),
                     [&](const ParameterSpec& parameter) { return parameter.name == name; });
}

// What the documentation of each says it does otherwise than others.
bool is_jk(const AlgorithmSpec& spec) { return takes(spec, "recover_time"); }
bool has_checks(const AlgorithmSpec& spec) { return spec.family != "nginx" && !is_jk(spec); }
bool knows_weight_zero(const AlgorithmSpec& spec) {
  return spec.family != "nginx" && spec.family != "apache";
}
bool knows_drain(const AlgorithmSpec& spec) { return spec.name != "heartbeat"; }
bool tries_others(const AlgorithmSpec& spec) { return spec.family != "haproxy"; }

// What stands before a server's counter of requests in flight in describe(); empty: it has none.
std::string counter_of(const AlgorithmSpec& spec) {
  if (is_jk(spec)) return spec.name == "Busyness" ? "value " : "";
  if (spec.family == "nginx") return "conns ";
  if (spec.family == "haproxy") return "served ";
  return spec.family == "apache" ? "busy " : "in flight ";
}

using Filter = bool (*)(const AlgorithmSpec&);

auto pools(Filter filter) {
  std::vector<const AlgorithmSpec*> specs;
  for (const AlgorithmSpec& spec : catalog()) {
    if (spec.make && filter(spec)) specs.push_back(&spec);
  }
  return ::testing::ValuesIn(specs);
}

class EveryPool : public ::testing::TestWithParam<const AlgorithmSpec*> {
 protected:
  const AlgorithmSpec& spec() const { return *GetParam(); }

  std::unique_ptr<Upstream> make(std::vector<int> weights = std::vector<int>(kServers, 1)) const {
    PoolConfig config = pool_of(weights);
    for (ServerConfig& server : config.servers) {
      server.max_fails = 0;  // nginx: no server goes because of its failures
      server.max_conns = 1000;
    }
    for (const auto& [name, value] : std::initializer_list<std::pair<std::string, std::string>>{
             {"tries", "0"}, {"expression", "src"}, {"name", "id"}, {"sticky", "client"}}) {
      const bool wanted = name != "sticky" || spec().name == "least_sessions";
      if (wanted && takes(spec(), name)) config.parameters[name] = value;
    }
    std::unique_ptr<Upstream> pool = spec().make(config);
    let_report(*pool, kTimeZero);
    return pool;
  }

  // Every server, if the pool wants to hear of them at an interval.
  static void let_report(Upstream& pool, Time now) {
    if (pool.report_wishes().interval <= Duration{}) return;
    for (ServerId s = 0; s < kServers; ++s) pool.report(s, {.in_flight = 1}, now);
  }

  // Differs from request to request in all that a rule may look at.
  struct Text {
    std::string target, header;
    Request request;
    explicit Text(std::uint64_t number)
        : target("/a" + std::to_string(number) + "?id=" + std::to_string(number)),
          header("h" + std::to_string(number)) {
      // ip_hash looks at the first three bytes of an address.
      request.client = Address::v4(static_cast<std::uint32_t>(0x0a000001u + number * 256));
      request.client_port = static_cast<std::uint16_t>(1024 + number % 60000);
      request.target = target;
      request.header = header;
      request.host = header;
    }
  };

  ServerId serve_one(Upstream& pool, std::uint64_t number) const {
    const Text text(number);
    return serve(pool, text.request);
  }

  std::set<ServerId> picked(Upstream& pool, int requests) const {
    std::set<ServerId> servers;
    for (int i = 0; i < requests; ++i) servers.insert(serve_one(pool, number_++));
    return servers;
  }

  // A random history of `steps` that ends with nothing in flight; what it picked.
  std::vector<ServerId> live(Upstream& pool, int steps) const {
    Random random(7, spec().name);
    std::vector<std::pair<std::uint64_t, Attempt>> running;
    std::vector<ServerId> picks;
    Time now = kTimeZero;
    for (int step = 0; step < steps || !running.empty(); ++step) {
      now += milliseconds(static_cast<std::int64_t>(random.below(50)));
      let_report(pool, now);
      if (step < steps && (running.empty() || random.below(100) < 52)) {
        const Text text(random.bits() % 1000);
        Attempt attempt;
        if (pool.begin(text.request, attempt, now) != Pick::server) continue;
        picks.push_back(attempt.server);
        running.emplace_back(random.bits() % 1000, attempt);
        continue;
      }
      const std::size_t which = random.below(running.size());
      auto [number, attempt] = running[which];
      const bool fails = random.below(10) == 0;
      const bool again =
          fails && pool.next(Text(number).request, attempt, Result::refused, now) == Pick::server;
      if (!fails) pool.end(attempt, Result::ok, now);
      if (again) {
        picks.push_back(attempt.server);
        running[which].second = attempt;
      } else {
        running.erase(running.begin() + static_cast<std::ptrdiff_t>(which));
      }
      pool.probes().clear();
    }
    return picks;
  }

 private:
  mutable std::uint64_t number_ = 0;
};

class CheckedPool : public EveryPool {};
class PoolWithWeightZero : public EveryPool {};
class CountingPool : public EveryPool {};
class PoolThatTriesOthers : public EveryPool {};

TEST_P(CheckedPool, NeverPicksAServerThatIsDownAndPicksItAgainLater) {
  for (ServerId out = 0; out < kServers; ++out) {
    const auto pool = make();
    pool->set_health(out, false, kTimeZero);
    EXPECT_FALSE(picked(*pool, 300).count(out));
    pool->set_health(out, true, kTimeZero);
    for (ServerId other = 0; other < kServers; ++other) {
      if (other != out) pool->set_health(other, false, kTimeZero);
    }
    EXPECT_TRUE(picked(*pool, 300).count(out));
  }
}

TEST_P(EveryPool, NeverPicksAServerInMaintenanceOrOneThatIsDrained) {
  for (const AdminState state : {AdminState::maintenance, AdminState::drain}) {
    if (state == AdminState::drain && !knows_drain(spec())) continue;
    for (ServerId out = 0; out < kServers; ++out) {
      const auto pool = make();
      pool->set_admin(out, state, kTimeZero);
      EXPECT_FALSE(picked(*pool, 300).count(out));
      pool->set_admin(out, AdminState::ready, kTimeZero);
      for (ServerId other = 0; other < kServers; ++other) {
        if (other != out) pool->set_admin(other, state, kTimeZero);
      }
      EXPECT_TRUE(picked(*pool, 300).count(out));
    }
  }
}

TEST_P(EveryPool, PicksNobodyWhenNobodyIsThere) {
  const auto pool = make();
  for (ServerId s = 0; s < kServers; ++s) {
    pool->set_admin(s, AdminState::maintenance, kTimeZero);
  }
  EXPECT_EQ(serve_one(*pool, 1), kNoServer);
}

TEST_P(PoolWithWeightZero, NeverPicksAServerThatHasIt) {
  const auto pool = make();
  pool->set_weight(2, 0, kTimeZero);
  EXPECT_FALSE(picked(*pool, 300).count(2));
  const auto configured = make({1, 1, 0, 1, 1});
  EXPECT_FALSE(picked(*configured, 300).count(2));
}

TEST_P(CountingPool, CountsNothingInFlightWhenAllIsOver) {
  const auto pool = make({3, 1, 2, 1, 1});
  EXPECT_GT(live(*pool, 2000).size(), 1000u);
  const std::string state = pool->describe();
  const std::regex counter(counter_of(spec()) + "(\\d+)");
  int seen = 0;
  for (std::sregex_iterator match(state.begin(), state.end(), counter), none; match != none;
       ++match) {
    EXPECT_EQ((*match)[1], "0") << state;
    ++seen;
  }
  EXPECT_EQ(seen, kServers) << state;
}

TEST_P(PoolThatTriesOthers, TriesNoServerTwiceWhileOthersAreLeft) {
  const auto pool = make();
  for (std::uint64_t number = 0; number < 50; ++number) {
    const Text text(number);
    Attempt attempt;
    ASSERT_EQ(pool->begin(text.request, attempt, kTimeZero), Pick::server);
    std::set<ServerId> tried = {attempt.server};
    while (pool->next(text.request, attempt, Result::refused, kTimeZero) == Pick::server) {
      if (tried.size() == kServers) break;  // from here on it may do as it likes
      ASSERT_TRUE(tried.insert(attempt.server).second) << "request " << number;
    }
    if (takes(spec(), "tries")) {
      EXPECT_EQ(tried.size(), kServers);
    }
    for (ServerId s = 0; s < kServers; ++s) pool->set_health(s, true, kTimeZero);
  }
}

TEST_P(EveryPool, DescribesEveryServerOnALineOfItsOwn) {
  const auto pool = make();
  const std::string state = pool->describe();
  for (ServerId s = 0; s < kServers; ++s) {
    const std::string line =
        "(^|\n)(" + std::to_string(s) + "\\b|web" + std::to_string(s + 1) + "\\b)";
    EXPECT_TRUE(std::regex_search(state, std::regex(line))) << state;
  }
}

TEST_P(EveryPool, PicksTheSameWithTheSameSeed) {
  const auto first = make({3, 1, 2, 1, 1});
  const auto second = make({3, 1, 2, 1, 1});
  EXPECT_EQ(live(*first, 2000), live(*second, 2000));
  EXPECT_EQ(first->describe(), second->describe());
}

std::string test_name(const ::testing::TestParamInfo<const AlgorithmSpec*>& tested) {
  std::string name = tested.param->family + "_" + tested.param->name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

bool all(const AlgorithmSpec&) { return true; }
bool counts(const AlgorithmSpec& spec) { return !counter_of(spec).empty(); }

INSTANTIATE_TEST_SUITE_P(Catalog, EveryPool, pools(all), test_name);
INSTANTIATE_TEST_SUITE_P(Catalog, CheckedPool, pools(has_checks), test_name);
INSTANTIATE_TEST_SUITE_P(Catalog, PoolWithWeightZero, pools(knows_weight_zero), test_name);
INSTANTIATE_TEST_SUITE_P(Catalog, CountingPool, pools(counts), test_name);
INSTANTIATE_TEST_SUITE_P(Catalog, PoolThatTriesOthers, pools(tries_others), test_name);

}  // namespace
}  // namespace lbsim::algorithms
