// What users notice of a machine that dies, and for how long.
#include "experiments.hpp"

namespace lbsim {
namespace {

using namespace lbsim::testing;

RunPlan with_director_crash(bool sync) {
  RunPlan p = plan({lvs(), nginx(2), servers(8, 4)}, 50, 10, 60);
  director(p).sync = sync;
  add_fault(p, 30.4, "vip.1", FaultKind::crash);
  return p;
}

// RFC 3768: 3 s and a skew of (256 - 90)/256 s after the last advertisement, which is up to 1 s
// old.
constexpr double kTakeoverLastS = 30.4 + 3 + 166.0 / 256;

TEST(Failures, ADeadDirectorsAddressIsTakenOverAsLateAsVrrpSays) {
  const RunResult r = run(with_director_crash(true));
  EXPECT_LE(event_s(r, "takes the virtual address", "vip.2"), kTakeoverLastS);
  EXPECT_GE(event_s(r, "takes the virtual address", "vip.2"), kTakeoverLastS - 1);
}

TEST(Failures, ConnectionSynchronisationKeepsConnectionsThroughATakeover) {
  const RunResult with = run(with_director_crash(true));
  // A connection is told of at its first request; those in their handshake are lost.
  EXPECT_LE(not_ok(with), 10u);
  EXPECT_EQ(count(with, RequestOutcome::connection_lost), not_ok(with));
  EXPECT_GT(longest_s(with), 2.5);  // they waited for the other director
  const RunResult without = run(with_director_crash(false));
  EXPECT_GT(count(without, RequestOutcome::connection_lost), 100u);
}

TEST(Failures, ADirectorThatStopsInGoodOrderIsReplacedAfterASkew) {
  RunPlan p = plan({lvs(), nginx(2), servers(8, 4)}, 50, 10, 60);
  director(p).sync = true;
  add_fault(p, 30.4, "vip.1", FaultKind::stop);
  const RunResult r = run(p);
  EXPECT_NEAR(event_s(r, "takes the virtual address", "vip.2"), 30.4 + 166.0 / 256, 1e-6);
  EXPECT_LE(not_ok(r), 10u);
}

TEST(Failures, APowerLossIsSilentUntilTheProxyTimesOutAndTriesTheNextServer) {
  RunPlan p = plan({nginx(1), servers(4, 4)}, 20, 10, 60);
  proxy(p, 0).keepalive = 0;
  proxy(p, 0).connect_timeout = seconds(2);
  proxy(p, 0).read_timeout = seconds(3);
  add_fault(p, 20, "servers.2", FaultKind::crash);
  const RunResult r = run(p);
  EXPECT_LE(not_ok(r), 2u);  // whose response was on its way
  EXPECT_GT(r.recorder.attempts(), generated(r));
  EXPECT_GT(longest_s(r), 2.0);
  EXPECT_LT(longest_s(r), 2 * 3.5);  // after one failure a worker leaves the server out for 10 s
}

TEST(Failures, AKeptConnectionToADeadServerWaitsForTheReadTimeout) {
  RunPlan p = bare_plan({nginx(1), servers(1, 1)}, 1, 10, always(0.001), 1000);
  proxy(p, 0).workers = 1;
  proxy(p, 0).connect_timeout = seconds(1);
  proxy(p, 0).read_timeout = seconds(4);
  std::get<ServerTierConfig>(p.site.tiers[1].device).groups[0].count = 2;
  add_fault(p, 5, "servers.1", FaultKind::crash);
  // The first two requests leave a kept connection to each server; the third finds servers.1 dead.
  EXPECT_NEAR(longest_s(run_at(p, {1, 2, 6})), 4.06, 0.02);
  proxy(p, 0).keepalive = 0;
  EXPECT_NEAR(longest_s(run_at(p, {1, 2, 6})), 1.06, 0.02);
}

TEST(Failures, AStoppedServerRefusesAndIsPassedOverAtOnce) {
  RunPlan p = plan({nginx(1), servers(4, 4)}, 20, 10, 60);
  add_fault(p, 20, "servers.2", FaultKind::stop);
  const RunResult r = run(p);
  EXPECT_LE(not_ok(r), 2u);  // whose response was on its way
  EXPECT_GT(r.recorder.attempts(), generated(r));
  EXPECT_LT(longest_s(r), 0.5);
}

// Monitor: 10 s apart, 3 s to answer, out after 3 failures, so 23 to 33 s after the crash;
// resolvers tell the address for a TTL of 60 s more. Whoever asks them later goes elsewhere.
TEST(Failures, ADeadAddressGetsUsersUntilTheMonitorAndTheTtlHaveRunOut) {
  const auto timeouts_within = [](double length_s) {
    RunPlan p = plan({servers(4, 8)}, 20, 2, length_s);
    p.site.workload.pages_per_session = 1;
    auto& dns = std::get<DnsTierConfig>(p.site.dns.device);
    dns.ttl = seconds(60);
    dns.monitor = {true, seconds(10), seconds(3), 3, 2, {}};
    add_fault(p, 100, "servers.2", FaultKind::crash);
    const RunResult r = run(p);
    EXPECT_GE(event_s(r, "dns monitor takes out", "servers.2"), length_s > 140 ? 123.0 : -1.0);
    EXPECT_LE(event_s(r, "dns monitor takes out", "servers.2"), 133.0);
    return count(r, RequestOutcome::timeout);
  };
  const std::uint64_t before_detection = timeouts_within(123);
  const std::uint64_t until_ttl = timeouts_within(133 + 60 + 1);
  EXPECT_GT(before_detection, 0u);
  EXPECT_GT(until_ttl, before_detection + before_detection / 10);
  EXPECT_EQ(timeouts_within(400), until_ttl);
}

TEST(Failures, HaproxyTakesADeadProxyOutAndPutsItBack) {
  RunPlan p = plan({haproxy_tcp(), nginx(2), servers(8, 4)}, 20, 10, 100);
  proxy(p, 0).check = {true, seconds(2), seconds(2), 3, 2, {}};
  proxy(p, 0).connect_timeout = seconds(1);
  add_fault(p, 20, "proxies.1", FaultKind::crash);
  add_fault(p, 60, "proxies.1", FaultKind::repair);
  const RunResult r = run(p);
  EXPECT_GE(event_s(r, "vip takes out", "proxies.1"), 26);
  EXPECT_LE(event_s(r, "vip takes out", "proxies.1"), 28);
  EXPECT_GE(event_s(r, "vip puts back", "proxies.1"), 62);
  EXPECT_LE(event_s(r, "vip puts back", "proxies.1"), 64);
  EXPECT_GT(count(r, RequestOutcome::ok), generated(r) * 9 / 10);
}

TEST(Failures, HaproxyAnswers504WhereNginxTriesTheNextServer) {
  const auto outcome = [](TierConfig balancer) {
    RunPlan p = bare_plan({std::move(balancer), servers(2, 1)}, 1, 10, always(5), 1000);
    p.site.workload.deadline = seconds(60);
    proxy(p, 0).read_timeout = seconds(3);
    add_fault(p, 2, "servers.1", FaultKind::crash);  // while it works on the request
    return run_at(p, {1});
  };
  const RunResult by_nginx = outcome(nginx(1));
  EXPECT_EQ(count(by_nginx, RequestOutcome::ok), 1u);
  EXPECT_NEAR(longest_s(by_nginx), 3 + 5, 0.1);
  const RunResult by_haproxy = outcome(haproxy_http());
  EXPECT_EQ(count(by_haproxy, RequestOutcome::timeout), 1u);
  EXPECT_EQ(by_haproxy.recorder.attempts(), 1u);
}

TEST(Failures, HaproxyWaitsASecondBeforeItTriesTheSameServerAgain) {
  RunPlan p = bare_plan({haproxy_http(), servers(1, 1)}, 1, 10, always(0), 1000);
  add_fault(p, 0.5, "servers.1", FaultKind::stop);
  add_fault(p, 3.5, "servers.1", FaultKind::repair);  // tries at 1, 2, 3, 4 s
  const RunResult r = run_at(p, {1});
  EXPECT_EQ(r.recorder.attempts(), 4u);
  EXPECT_EQ(count(r, RequestOutcome::ok), 1u);
  EXPECT_NEAR(longest_s(r), 3, 0.1);
  p.site.faults.pop_back();  // three retries, then 503
  const RunResult never = run_at(p, {1});
  EXPECT_EQ(never.recorder.attempts(), 4u);
  EXPECT_EQ(count(never, RequestOutcome::no_server), 1u);
}

TEST(Failures, WhoWaitsForAServerThatGoesDownIsAnswered503IfThereIsNoOther) {
  RunPlan p = bare_plan({haproxy_http("source"), servers(1, 4)}, 1, 60, always(20), 1000);
  p.site.workload.deadline = seconds(50);
  proxy(p, 0).member_connections_max = 1;
  proxy(p, 0).parameters = {{"redispatch", "3"}};
  proxy(p, 0).connect_timeout = seconds(30);  // and so "timeout queue"
  proxy(p, 0).check = {true, seconds(2), seconds(2), 3, 2, {}};
  add_fault(p, 5, "servers.1", FaultKind::crash);
  const RunResult r = run_at(p, {1, 2, 3});
  EXPECT_EQ(not_ok(r), 3u);
  EXPECT_EQ(count(r, RequestOutcome::no_server), 2u);
}

TEST(Failures, WhoWaitsInAQueueForAsLongAsTheConnectTimeoutIsAnswered503) {
  RunPlan p = bare_plan({haproxy_http(), servers(1, 1)}, 1, 60, always(4), 1000);
  proxy(p, 0).member_connections_max = 1;
  proxy(p, 0).connect_timeout = seconds(2);
  const RunResult r =
      run_at(p, {0, 1, 2.5});  // the second would get its turn at 4 s, the third does
  EXPECT_EQ(count(r, RequestOutcome::no_server), 1u);
  EXPECT_NEAR(longest_s(r), 4 - 2.5 + 4, 0.1);
}

TEST(Failures, AQueuedRequestWhoseClientGivesUpLeavesTheQueue) {
  RunPlan p = bare_plan({haproxy_http(), servers(1, 1)}, 1, 60, always(4), 1000);
  proxy(p, 0).member_connections_max = 1;
  proxy(p, 0).connect_timeout = seconds(30);
  p.site.workload.deadline = seconds(10);
  // The first two end at 4 and 8 s; the third is cut at 10.2 s, the fourth at 10.3 s.
  const RunResult r = run_at(p, {0.0, 0.1, 0.2, 0.3, 30});
  EXPECT_EQ(count(r, RequestOutcome::ok), 3u);
  EXPECT_EQ(count(r, RequestOutcome::timeout), 2u);
}

TEST(Failures, AFullBacklogRefuses) {
  TierConfig tier = servers(1, 1);
  std::get<ServerTierConfig>(tier.device).backlog = 2;  // one works, two wait
  const RunResult r =
      run_at(bare_plan({tier}, 1, 10, always(3), 1000), {1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6});
  EXPECT_EQ(count(r, RequestOutcome::ok), 3u);
  EXPECT_EQ(count(r, RequestOutcome::refused), 4u);
}

TEST(Failures, AUserGivesUpAtTheDeadlineAndThePageIsNotComplete) {
  const RunResult r = run_at(bare_plan({nginx(1), servers(1, 1)}, 1, 10, always(20), 1000), {1, 2});
  EXPECT_EQ(count(r, RequestOutcome::timeout), 2u);
  EXPECT_EQ(r.recorder.pages_complete(), 0u);
}

TEST(Failures, AFaultOutsideTheWindowIsNotedAndDoesNotHappen) {
  RunPlan p = plan({nginx(1), servers(4, 4)}, 20, 10, 10);
  add_fault(p, 20, "servers.2", FaultKind::crash);
  const RunResult r = run(p);
  EXPECT_EQ(r.notes.size(), 1u);
  EXPECT_NE(r.notes.at(0).find("servers.2"), std::string::npos);
  EXPECT_TRUE(r.recorder.events().empty());
}

}  // namespace
}  // namespace lbsim
