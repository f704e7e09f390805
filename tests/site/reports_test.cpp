// What machines tell the pools in front of them: when it arrives, and what it says. The pool is a
// test's own: it writes down all that it hears.
#include <gtest/gtest.h>

#include "algorithms/algorithm.hpp"
#include "sites.hpp"

namespace lbsim {
namespace {

using namespace lbsim::testing;
using algorithms::Attempt;
using algorithms::Pick;
using algorithms::Report;
using algorithms::ServerId;

constexpr Duration kTrip = microseconds(50);  // lan_latency
constexpr Duration kService = milliseconds(10);

struct Heard {
  Time at{};
  ServerId server = 0;
  Report report;
};

struct Diary {
  algorithms::ReportWishes wishes;
  int probes_per_pick = 0;  // one after the other, each when the one before is answered
  std::vector<Time> picks;
  std::vector<Heard> heard;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> bytes = {};  // of requests and responses
};

Diary diary;  // of the test that runs

class Listener final : public algorithms::Upstream {
 public:
  explicit Listener(std::size_t servers) : servers_(servers) {}

  Pick begin(const algorithms::Request&, Attempt& attempt, Time now) override {
    attempt = {static_cast<ServerId>(turn_++ % servers_), 0};
    diary.picks.push_back(now);
    left_ = diary.probes_per_pick;
    probe(attempt.server);
    return Pick::server;
  }
  Pick next(const algorithms::Request&, Attempt&, algorithms::Result, Time) override {
    return Pick::none;
  }
  void end(Attempt&, algorithms::Result, Time) override {}
  void count_bytes(ServerId, std::uint64_t sent, std::uint64_t received) override {
    diary.bytes.emplace_back(sent, received);
  }
  void abandon(std::uint64_t, Time) override {}
  void set_health(ServerId, bool, Time) override {}
  void set_admin(ServerId, algorithms::AdminState, Time) override {}
  void set_weight(ServerId, int, Time) override {}
  algorithms::ReportWishes report_wishes() const override { return diary.wishes; }
  void report(ServerId server, const Report& report, Time now) override {
    diary.heard.push_back({now, server, report});
    probe(server);
  }
  std::size_t size() const override { return servers_; }
  std::string describe() const override { return {}; }

 private:
  void probe(ServerId server) {
    if (left_-- > 0) probes_.push_back(server);
  }

  std::size_t servers_;
  std::size_t turn_ = 0;
  int left_ = 0;
};

// A site with one proxy that asks `servers` one-core machines, few requests of 10 ms each, and no
// kept connections, so a request reaches its server three trips after its pick.
RunPlan listening_site(Diary wanted, int count) {
  if (!algorithms::find_algorithm("test", "listener")) {
    algorithms::add_algorithm({"test", "listener", "hears", "this file", {}, [](const auto& pool) {
                                 return std::make_unique<Listener>(pool.servers.size());
                               }});
  }
  diary = std::move(wanted);
  TierConfig tier = nginx(1, "listener");
  auto& proxy = std::get<ProxyTierConfig>(tier.device);
  proxy.kind = ProxyKind::balancer;
  proxy.family = "test";
  proxy.zone = true;
  proxy.keepalive = 0;
  proxy.request_cpu = proxy.connect_cpu = Duration{0};
  RunPlan site = plan({tier, servers(count, 1)}, 0.2, 1, 300);
  site.site.workload.document.service = {Law::fixed, to_seconds(kService), 1, nullptr};
  site.site.workload.pages_per_session = 1;
  site.site.network.lan_latency = kTrip;
  return site;
}

// To a nanosecond: a service time is a float.
void expect_same_time(Time a, Time b) { EXPECT_NEAR(to_seconds(a), to_seconds(b), 1e-9); }

TEST(Reports, AProbeTakesARoundTripAndReadsTheServerWhenItArrives) {
  run(listening_site({.wishes = {.interval = {}, .idle = false, .probes = true},
                      .probes_per_pick = 4,
                      .picks = {},
                      .heard = {}},
                     1));
  ASSERT_GT(diary.picks.size(), 20u);
  ASSERT_EQ(diary.heard.size(), 4 * diary.picks.size());
  for (std::size_t i = 0; i < diary.heard.size(); ++i) {
    const Time pick = diary.picks[i / 4];
    const int nth = static_cast<int>(i % 4);
    EXPECT_EQ(diary.heard[i].at, pick + 2 * (nth + 1) * kTrip);
    // They arrive 1, 3, 5 and 7 trips after the pick, the request with the second.
    if (nth == 1) continue;
    EXPECT_EQ(diary.heard[i].report.in_flight, nth > 1 ? 1u : 0u);
    EXPECT_EQ(diary.heard[i].report.load, nth > 1 ? 1.0 : 0.0);
    const double latency_s = i < 4 ? 0 : to_seconds(kService);
    EXPECT_NEAR(to_seconds(diary.heard[i].report.latency), latency_s, 1e-7);
  }
}

TEST(Reports, AnIdleReportComesOneTripAfterTheServerFellIdle) {
  Diary wanted;
  wanted.wishes.idle = true;
  run(listening_site(wanted, 3));
  ASSERT_GT(diary.picks.size(), 20u);
  ASSERT_EQ(diary.heard.size(), diary.picks.size());
  for (std::size_t i = 0; i < diary.heard.size(); ++i) {
    expect_same_time(diary.heard[i].at, diary.picks[i] + 4 * kTrip + kService);
    EXPECT_EQ(diary.heard[i].server, i % 3);
    EXPECT_EQ(diary.heard[i].report.in_flight, 0u);
  }
}

TEST(Reports, EachServerReportsAtTheIntervalUnlessItIsDown) {
  Diary wanted;
  wanted.wishes.interval = seconds(7);
  RunPlan site = listening_site(wanted, 3);
  site.site.faults = {{kTimeZero + seconds(100), "servers.2", FaultKind::crash, 1},
                      {kTimeZero + seconds(200), "servers.2", FaultKind::repair, 1}};
  run(std::move(site));
  std::vector<std::vector<Time>> times(3);
  for (const Heard& heard : diary.heard) times[heard.server].push_back(heard.at);
  for (ServerId server = 0; server < 3; ++server) {
    const std::vector<Time>& heard = times[server];
    ASSERT_GE(heard.size(), 25u);
    EXPECT_LT(heard[0], kTimeZero + seconds(7) + kTrip);
    EXPECT_GE(heard[0], kTimeZero + kTrip);
    for (std::size_t i = 1; i < heard.size(); ++i) {
      const Duration since = heard[i] - heard[i - 1];
      const bool over_the_crash = server == 1 && since > seconds(7);
      EXPECT_EQ(since % seconds(7), Duration{0});
      if (!over_the_crash) {
        EXPECT_EQ(since, seconds(7));
      }
      if (over_the_crash) {
        EXPECT_NEAR(to_seconds(since), 108.5, 3.6);
      }
    }
  }
  EXPECT_LE(times[1].size() + 13, times[0].size());
  EXPECT_NE(times[0][0], times[2][0]);  // at phases of their own
}

// A pool that wishes nothing costs nothing: it hears nothing, and no event differs from nginx's.
TEST(Reports, APoolWithoutWishesRunsAsAnyOther) {
  TierConfig tier = nginx(1);
  const RunResult plain = run(plan({tier, servers(3, 1)}, 50, 3, 20));
  auto& proxy = std::get<ProxyTierConfig>(tier.device);
  proxy.kind = ProxyKind::balancer;
  proxy.family = "nginx";
  const RunResult other = run(plan({tier, servers(3, 1)}, 50, 3, 20));
  EXPECT_EQ(plain.events, other.events);
  EXPECT_EQ(plain.recorder.pick_digest(), other.recorder.pick_digest());
}

TEST(Reports, ACrashedServerAnswersNoProbe) {
  RunPlan site = listening_site({.wishes = {.interval = {}, .idle = false, .probes = true},
                                 .probes_per_pick = 1,
                                 .picks = {},
                                 .heard = {}},
                                2);
  site.site.faults = {{kTimeZero + seconds(1), "servers.1", FaultKind::crash, 1}};
  run(std::move(site));
  ASSERT_FALSE(diary.heard.empty());
  for (const Heard& heard : diary.heard) {
    EXPECT_TRUE(heard.server == 1 || heard.at < kTimeZero + seconds(1));
  }
}

TEST(Reports, ThePoolHearsOfTheBytesOfEachRequest) {
  RunPlan site = listening_site({}, 2);
  site.site.workload.request_bytes = 700;
  site.site.workload.document.response_bytes = {Law::fixed, 30'000, 1, nullptr};
  run(std::move(site));
  ASSERT_GT(diary.picks.size(), 20u);
  const std::pair<std::uint64_t, std::uint64_t> each{700, 30'000};
  EXPECT_EQ(diary.bytes, std::vector(diary.picks.size(), each));
}

}  // namespace
}  // namespace lbsim
