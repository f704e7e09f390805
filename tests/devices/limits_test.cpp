// Limits of servers and what a proxy does at them: backlogs that are full, slots that all are
// taken, a port that closes, checks whose dates are known.
#include "experiments.hpp"

namespace lbsim {
namespace {

using namespace lbsim::testing;

constexpr double kLanS = 50e-6;
constexpr double kClientS = 15e-3;

// One proxy with one worker whose CPU costs nothing, and servers that work 1 s on each request.
RunPlan quiet_plan(TierConfig balancer, int servers_count, int cores, double service_s = 1) {
  RunPlan p =
      bare_plan({std::move(balancer), servers(servers_count, cores)}, 1, 20, always(service_s), 1);
  ProxyTierConfig& c = proxy(p, 0);
  c.workers = 1;
  c.request_cpu = c.accept_cpu = c.connect_cpu = {};
  c.nic.bytes_per_s = 0;
  return p;
}

ServerTierConfig& servers_of(RunPlan& p) {
  return std::get<ServerTierConfig>(p.site.tiers[1].device);
}

TEST(Limits, KeptAliveClientsSaveTheRoundTripOfTheHandshake) {
  RunPlan p = quiet_plan(nginx(1), 1, 1);
  const double with_handshake_s = longest_s(run_at(p, {1}));
  p.site.clients[0].kept_alive = true;
  EXPECT_NEAR(longest_s(run_at(p, {1})), with_handshake_s - 2 * kClientS, 1e-9);
}

TEST(Limits, AFullServerRefusesOrAnswers503) {
  RunPlan p = quiet_plan(nginx(1), 1, 1);
  servers_of(p).backlog = 1;
  // The third finds one request at work and one that waits.
  const RunResult refused = run_at(p, {1, 1.1, 1.2});
  EXPECT_EQ(count(refused, RequestOutcome::no_server), 1u);
  servers_of(p).when_full = WhenFull::answer_503;
  const RunResult answered = run_at(p, {1, 1.1, 1.2});
  EXPECT_EQ(count(answered, RequestOutcome::server_error), 1u);
  EXPECT_EQ(count(answered, RequestOutcome::ok), 2u);
}

TEST(Limits, NginxTriesElsewhereAfterA503OnlyIfItIsToldTo) {
  RunPlan p = quiet_plan(nginx(1), 2, 1);
  servers_of(p).backlog = 0;
  servers_of(p).when_full = WhenFull::answer_503;
  proxy(p, 0).max_fails = 0;
  // Both are at work when the third request comes to servers.1. The fourth comes to servers.2,
  // which still is, while servers.1 is free.
  EXPECT_EQ(count(run_at(p, {1, 1.9, 1.95, 2.2}), RequestOutcome::server_error), 2u);
  proxy(p, 0).parameters["proxy_next_upstream"] = "error timeout http_503";
  EXPECT_EQ(count(run_at(p, {1, 1.9, 1.95, 2.2}), RequestOutcome::server_error), 1u);
}

TEST(Limits, AGroupMayHaveABacklogOfItsOwn) {
  RunPlan p = quiet_plan(nginx(1), 1, 1);
  servers_of(p).groups[0].backlog = 0;
  EXPECT_EQ(not_ok(run_at(p, {1, 1.1})), 1u);
  servers_of(p).groups[0].backlog = 1;
  EXPECT_EQ(not_ok(run_at(p, {1, 1.1})), 0u);
}

TEST(Limits, RequestsBeyondAGroupsMaxconnWaitAtTheProxy) {
  RunPlan p = quiet_plan(haproxy_http("leastconn"), 1, 2);
  proxy(p, 0).connect_timeout = seconds(10);
  const double alone_s = longest_s(run_at(p, {1}));
  EXPECT_NEAR(longest_s(run_at(p, {1, 1.1})), alone_s, 1e-6);  // two cores
  servers_of(p).groups[0].maxconn = 1;
  // The first one's end comes to the proxy with its response; then the second goes to the server,
  // over the connection that the first has left.
  const double waited_s = longest_s(run_at(p, {1, 1.1}));
  EXPECT_NEAR(waited_s, alone_s + 0.9, 3 * kLanS);
  proxy(p, 0).queue_cpu = milliseconds(3);
  EXPECT_NEAR(longest_s(run_at(p, {1, 1.1})), waited_s + 0.003, 1e-9);
}

TEST(Limits, AProxyThatNoticesClosedConnectionsUsesNoneOfAServerThatStopped) {
  RunPlan p = quiet_plan(haproxy_http(), 2, 1, 0.01);
  proxy(p, 0).parameters["redispatch"] = "1";
  add_fault(p, 5, "servers.1", FaultKind::stop);
  // The first two requests leave a kept connection to each server. HAProxy repeats nothing that it
  // has sent; but where no connection is left, the third request is refused one and goes elsewhere.
  EXPECT_GT(not_ok(run_at(p, {1, 2, 6, 7})), 0u);
  proxy(p, 0).notices_closed = true;
  EXPECT_EQ(not_ok(run_at(p, {1, 2, 6, 7})), 0u);
}

TEST(Limits, ChecksComeWhenTheyAreSaidToComeFirst) {
  RunPlan p = quiet_plan(haproxy_http(), 2, 1, 0.01);
  proxy(p, 0).check = {true, seconds(2), seconds(2), 2, 1, {}};
  proxy(p, 0).check.first = {milliseconds(500), milliseconds(700)};
  add_fault(p, 3, "servers.2", FaultKind::stop);
  add_fault(p, 7, "servers.2", FaultKind::repair);
  const RunResult r = run_at(p, {1, 15});
  EXPECT_NEAR(event_s(r, "proxies takes out", "servers.2"), 6.7, 1e-9);  // at 4.7 the first fails
  EXPECT_NEAR(event_s(r, "proxies puts back", "servers.2"), 8.7, 1e-9);
}

}  // namespace
}  // namespace lbsim
