// The modern rules that look at load, against queueing theory and their papers' formulas.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "algorithms/modern/probe_pool.hpp"
#include "core/random.hpp"
#include "pools.hpp"

namespace lbsim::algorithms::modern {
namespace {

using ::testing::ElementsAre;

std::unique_ptr<Upstream> modern(const std::string& name, const std::vector<int>& weights,
                                 const Settings& settings = {}) {
  return make_pool("modern", name, pool_of(weights, settings));
}

// Servers with one core each, first come first served, exponential work with mean 1; Poisson
// arrivals at `load` per server, all through one pool. Uniformised: each step is an arrival or, of
// one server, the end of a job if it has any, so averages over steps are averages over time.
class Queues {
 public:
  Queues(Upstream& pool, double load, std::uint64_t seed)
      : pool_(pool), arrival_share_(load / (load + 1)), random_(seed), lengths_(pool.size()) {}

  void step() {
    if (random_.uniform() < arrival_share_) return arrive();
    const auto s = static_cast<ServerId>(random_.below(lengths_.size()));
    if (lengths_[s] == 0) return;
    --lengths_[s];
    --jobs_;
    finish(pool_, s);
    if (lengths_[s] == 0 && pool_.report_wishes().idle) pool_.report(s, {}, kTimeZero);
  }

  // Share of the servers with at least `jobs`.
  double tail(std::uint32_t jobs) const {
    const auto busy = std::count_if(lengths_.begin(), lengths_.end(),
                                    [&](std::uint32_t length) { return length >= jobs; });
    return static_cast<double>(busy) / static_cast<double>(lengths_.size());
  }
  std::uint64_t jobs() const { return jobs_; }
  std::uint64_t arrivals() const { return arrivals_; }
  std::uint64_t waited() const { return waited_; }  // arrivals that found their server busy

 private:
  void arrive() {
    const ServerId s = hold(pool_);
    ++arrivals_;
    if (lengths_[s]++ > 0) ++waited_;
    ++jobs_;
  }

  Upstream& pool_;
  double arrival_share_;
  Random random_;
  std::vector<std::uint32_t> lengths_;
  std::uint64_t jobs_ = 0;
  std::uint64_t arrivals_ = 0;
  std::uint64_t waited_ = 0;
};

// A share of servers and the standard error of its measurement, from 20 other seeds.
struct Tail {
  double share;
  double error;
};

// Servers with at least i jobs, as their number grows: load^((d^i - 1) / (d - 1)) (Mitzenmacher
// 1996; Vvedenskaya, Dobrushin, Karpelevich 1996). With 1000 servers there are a few more, by
// O(1/1000).
void expect_tails(int choices, double load, const std::vector<Tail>& tails) {
  const auto pool =
      modern("power_of_d", std::vector<int>(1000, 1), {{"d", std::to_string(choices)}});
  Queues queues(*pool, load, 11);
  const int steps_per_unit = static_cast<int>(1000 * (load + 1));
  for (int i = 0; i < 100 * steps_per_unit; ++i) queues.step();
  std::vector<double> sums(tails.size());
  for (int unit = 0; unit < 1200; ++unit) {
    for (int i = 0; i < steps_per_unit; ++i) queues.step();
    for (std::uint32_t i = 0; i < tails.size(); ++i) sums[i] += queues.tail(i + 1);
  }
  for (std::size_t i = 0; i < tails.size(); ++i) {
    EXPECT_NEAR(sums[i] / 1200, tails[i].share, 5 * tails[i].error) << "at least " << i + 1;
  }
}

TEST(ModernPowerOfD, HasTheTailsOfTwoChoices) {
  expect_tails(
      2, 0.9,
      {{0.9, 0.0018}, {0.729, 0.0044}, {0.4783, 0.0067}, {0.2059, 0.0061}, {0.0382, 0.0024}});
}

TEST(ModernPowerOfD, HasTheTailsOfThreeChoices) {
  expect_tails(3, 0.9, {{0.9, 0.0018}, {0.6561, 0.0051}, {0.2542, 0.0063}, {0.0148, 0.0012}});
}

TEST(ModernPowerOfD, HasGeometricTailsWithOneChoice) {
  expect_tails(1, 0.5, {{0.5, 0.0013}, {0.25, 0.0014}, {0.125, 0.0012}, {0.0625, 0.0009}});
}

// Without replacement: of two members, both are looked at, so the emptier is always found.
TEST(ModernPowerOfD, DrawsDifferentMembers) {
  const auto pool = modern("power_of_d", {1, 1});
  const ServerId busy = hold(*pool);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(serve(*pool), 1 - busy);
}

// Idle members tie, so the first of the draws wins: shares are w / W. 5 standard errors of 100,000
// draws are below 800.
TEST(ModernPowerOfD, SharesIdleMembersByWeight) {
  const auto pool = modern("power_of_d", {5, 3, 2});
  const std::vector<int> counts = shares(*pool, 100'000);
  EXPECT_NEAR(counts[0], 50'000, 800);
  EXPECT_NEAR(counts[1], 30'000, 800);
  EXPECT_NEAR(counts[2], 20'000, 800);
}

// All members are drawn, so requests in flight for the weight are kept equal: 28 as 16, 8, 4.
TEST(ModernPowerOfD, ComparesRequestsForTheWeight) {
  const auto pool = modern("power_of_d", {4, 2, 1}, {{"d", "3"}});
  std::vector<int> held(3);
  for (int i = 0; i < 28; ++i) ++held[hold(*pool)];
  EXPECT_THAT(held, ElementsAre(16, 8, 4));
}

// Two servers at load 0.8. The stationary Markov chain of the two queue lengths, solved
// numerically, gives a mean time in the system of 45/13 and 0.678013 of the arrivals waiting.
// Standard errors over a million jobs are 0.03 and 0.0022.
TEST(ModernJiq, HasTheWaitsOfItsMarkovChain) {
  const auto pool = modern("jiq", {1, 1});
  EXPECT_TRUE(pool->report_wishes().idle);
  Queues queues(*pool, 0.8, 3);
  double jobs = 0;
  const int steps = 2'250'000;
  for (int i = 0; i < steps; ++i) {
    queues.step();
    jobs += static_cast<double>(queues.jobs());
  }
  EXPECT_NEAR(jobs / steps / 1.6, 45.0 / 13, 0.15);
  EXPECT_NEAR(static_cast<double>(queues.waited()) / static_cast<double>(queues.arrivals()),
              0.678013, 0.011);
}

// As servers become many, an idle one is always found (Stolyar 2015).
TEST(ModernJiq, LetsNobodyWaitWhereServersAreMany) {
  const auto pool = modern("jiq", std::vector<int>(500, 1));
  Queues queues(*pool, 0.9, 3);
  for (int i = 0; i < 500'000; ++i) queues.step();
  EXPECT_LT(static_cast<double>(queues.waited()), 0.01 * static_cast<double>(queues.arrivals()));
}

TEST(ModernJiq, TakesIdleMembersInTheOrderOfTheirReports) {
  const auto pool = modern("jiq", {1, 1, 1});
  EXPECT_THAT(std::vector<ServerId>({hold(*pool), hold(*pool), hold(*pool)}), ElementsAre(0, 1, 2));
  pool->report(2, {}, kTimeZero);
  pool->report(0, {.in_flight = 1}, kTimeZero);  // not idle
  pool->report(1, {}, kTimeZero);
  pool->report(2, {}, kTimeZero);  // already in line
  EXPECT_EQ(hold(*pool), 2u);
  EXPECT_EQ(hold(*pool), 1u);
  EXPECT_EQ(pool->describe().substr(pool->describe().find("idle:")), "idle:\n");
}

// weight / (requests + 1): 28 held requests settle at 16, 8, 4, as 4/17, 2/9, 1/5 are all below
// 1/4.
TEST(ModernLeastRequest, FillsMembersByWeight) {
  const auto pool = modern("least_request", {4, 2, 1});
  std::vector<int> held(3);
  for (int i = 0; i < 28; ++i) ++held[hold(*pool)];
  EXPECT_THAT(held, ElementsAre(16, 8, 4));
}

// Envoy's documentation: 2 / 1 against 1 / (requests + 1)^bias. With bias 2 and 1 request on the
// heavy one, 2/4 < 1, so the light one is next; then 2/4 > 1/4 and 2/9 < 1/4.
TEST(ModernLeastRequest, LetsTheBiasSayHowMuchRequestsCount) {
  const auto pool = modern("least_request", {2, 1}, {{"bias", "2"}});
  std::vector<ServerId> picks;
  for (int i = 0; i < 4; ++i) picks.push_back(hold(*pool));
  EXPECT_THAT(picks, ElementsAre(0, 1, 0, 1));
  const auto by_weight = modern("least_request", {1, 2}, {{"bias", "0"}});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(hold(*by_weight), 1u);
}

TEST(ModernP2cEwma, SendsAMemberWithoutALatencyOneRequestAtATime) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    PoolConfig config = pool_of({1, 1});
    config.seed = seed;
    const auto pool = make_pool("modern", "p2c_ewma", config);
    const ServerId first = hold(*pool);
    EXPECT_EQ(hold(*pool), 1 - first);
  }
}

// One request at a time to each, so that both have a latency: 10 ms and 100 ms.
std::unique_ptr<Upstream> with_latencies(ServerId& fast) {
  auto pool = modern("p2c_ewma", {1, 1}, {{"decay", "10"}});
  Attempt first;
  Attempt second;
  pool->begin({}, first, kTimeZero);
  pool->begin({}, second, kTimeZero);
  fast = first.server;
  EXPECT_NE(second.server, fast);
  pool->end(first, Result::ok, kTimeZero + milliseconds(10));
  pool->end(second, Result::ok, kTimeZero + milliseconds(100));
  return pool;
}

// 10 ms (n + 1) < 100 ms until n = 9. Latencies fade alike, so that the date does not matter.
TEST(ModernP2cEwma, ComparesLatencyTimesRequestsInFlight) {
  ServerId fast = kNoServer;
  const auto pool = with_latencies(fast);
  const Time now = at_second(1);
  for (int i = 0; i < 9; ++i) EXPECT_EQ(hold(*pool, {}, now), fast) << i;
  pool->set_weight(fast, 1, now);
  int slow = 0;
  for (int i = 0; i < 2; ++i) slow += hold(*pool, {}, now) != fast;
  EXPECT_EQ(slow, 1);  // at 10 in flight 110 > 100
}

// A peak of 200 ms counts at once: cost 200 against 100. 10 s later, a quick response of 10 ms
// makes it 200/e + 10 (1 - 1/e) = 79.9 ms; the other's 100/e = 36.8 ms is less with up to one in
// flight (73.6), and more with two (110).
TEST(ModernP2cEwma, RisesAtOnceAndFallsSlowly) {
  ServerId peak = kNoServer;
  const auto pool = with_latencies(peak);
  Attempt attempt;
  const Time start = kTimeZero + milliseconds(100);
  ASSERT_EQ(pool->begin({}, attempt, start - milliseconds(200)), Pick::server);
  ASSERT_EQ(attempt.server, peak);
  Attempt quick;
  ASSERT_EQ(pool->begin({}, quick, start + seconds(10) - milliseconds(10)), Pick::server);
  ASSERT_EQ(quick.server, peak);
  pool->end(attempt, Result::ok, start);
  for (int i = 0; i < 5; ++i) EXPECT_NE(serve(*pool, {}, start, milliseconds(100)), peak);
  pool->end(quick, Result::ok, start + seconds(10));
  std::vector<ServerId> picks;
  for (int i = 0; i < 3; ++i) picks.push_back(hold(*pool, {}, start + seconds(10)));
  EXPECT_THAT(picks, ElementsAre(1 - peak, 1 - peak, peak));
}

Probe probe_of(ServerId server, std::uint32_t in_flight, int latency_ms, double second = 0,
               std::uint32_t uses = 9) {
  return {server, in_flight, milliseconds(latency_ms), at_second(second), uses};
}

ServerId best_of(const ProbePool& pool) {
  return pool.best([](ServerId) { return true; });
}

// The median of 1, 2, 3, 4 and 9 is 3: 4 and 9 are hot, and have the least latency in vain.
TEST(ModernPrequalProbes, TakeTheLeastLatencyAmongTheColdOnes) {
  ProbePool pool(16, seconds(1), 0.5);
  pool.add(probe_of(0, 1, 50));
  pool.add(probe_of(1, 9, 1));
  pool.add(probe_of(2, 3, 30));
  pool.add(probe_of(3, 2, 40));
  pool.add(probe_of(4, 4, 2));
  EXPECT_EQ(best_of(pool), 2u);
  EXPECT_EQ(pool.best([](ServerId s) { return s != 2; }), 3u);
  EXPECT_EQ(pool.best([](ServerId s) { return s == 1 || s == 4; }), 4u);  // both hot: the fewest
  EXPECT_EQ(pool.best([](ServerId s) { return s == 2; }), kNoServer);     // too few to choose from
}

TEST(ModernPrequalProbes, AreOrderedByRequestsOrByLatencyAtTheEndsOfTheQuantile) {
  for (const auto& [quantile, best] : {std::pair{0.0, 0u}, {1.0, 1u}}) {
    ProbePool pool(16, seconds(1), quantile);
    pool.add(probe_of(0, 1, 50));
    pool.add(probe_of(1, 9, 1));
    EXPECT_EQ(best_of(pool), best);
  }
}

TEST(ModernPrequalProbes, AreDroppedWhenOldUsedUpOrWorst) {
  ProbePool pool(3, seconds(1), 0.5);
  const auto servers = [&] {
    std::vector<ServerId> found;
    for (const Probe& probe : pool.probes()) found.push_back(probe.server);
    return found;
  };
  pool.add(probe_of(0, 1, 50, 0.0));
  pool.add(probe_of(1, 1, 60, 0.5, 2));
  pool.add(probe_of(2, 1, 10, 0.6));
  pool.add(probe_of(1, 1, 70, 0.7, 2));  // in place of its older one
  EXPECT_THAT(servers(), ElementsAre(0, 2, 1));
  pool.add(probe_of(3, 1, 5, 0.8));  // full: the oldest goes
  EXPECT_THAT(servers(), ElementsAre(2, 1, 3));
  pool.use(1);
  EXPECT_EQ(pool.probes()[1].in_flight, 2u);
  pool.remove_worst();  // of 1, 1, 1, 1, 1 seen, 2 is above the median: hot
  EXPECT_THAT(servers(), ElementsAre(2, 3));
  pool.remove_worst();  // all cold: the longest latency
  EXPECT_THAT(servers(), ElementsAre(3));
  pool.add(probe_of(1, 1, 70, 1.0, 1));
  pool.use(1);
  EXPECT_THAT(servers(), ElementsAre(3));
  pool.expire(at_second(1.8));
  EXPECT_THAT(servers(), ElementsAre(3));
  pool.expire(at_second(1.81));
  EXPECT_TRUE(servers().empty());
}

TEST(ModernPrequal, AsksThreeMembersWithEachRequestAndGoesByTheirAnswers) {
  const auto pool = modern("prequal", std::vector<int>(100, 1));
  hold(*pool);
  std::vector<ServerId> asked = pool->probes();
  pool->probes().clear();
  ASSERT_EQ(asked.size(), 3u);
  std::sort(asked.begin(), asked.end());
  EXPECT_EQ(std::unique(asked.begin(), asked.end()), asked.end());
  pool->report(7, {.in_flight = 2, .latency = milliseconds(20)}, kTimeZero);
  pool->report(8, {.in_flight = 2, .latency = milliseconds(10)}, kTimeZero);
  pool->report(9, {.in_flight = 2, .latency = milliseconds(30)}, kTimeZero);
  EXPECT_EQ(hold(*pool), 8u);
}

// With 100 servers, 16 probes kept, 3 sent and 1 removed for each request: 2 / (0.84 * 3 - 1) =
// 1.3158 uses, so 31.58 % of the probes may be used twice. 2000 probes: 5 standard errors are 104.
TEST(ModernPrequal, LetsAProbeBeUsedAsOftenAsThePaperSays) {
  const auto pool = modern("prequal", std::vector<int>(100, 1), {{"pool_size", "16"}});
  int twice = 0;
  for (int i = 0; i < 2000; ++i) {
    pool->report(static_cast<ServerId>(i % 100), {.latency = milliseconds(1)}, kTimeZero);
    const std::string state = pool->describe();
    twice += state[state.rfind("uses ") + 5] == '2';
  }
  EXPECT_NEAR(twice, 631.6, 104);
}

}  // namespace
}  // namespace lbsim::algorithms::modern
