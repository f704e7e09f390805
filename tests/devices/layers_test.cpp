// At what each layer looks, and what passes it.
#include <cmath>

#include "experiments.hpp"

namespace lbsim {
namespace {

using namespace lbsim::testing;

// Pages of ten requests over six connections, one page a user: the document opens one connection,
// the nine assets find it idle and open the five others.
RunPlan pages(std::vector<TierConfig> tiers) {
  RunPlan p = plan(std::move(tiers), 50, 10, 20);
  p.site.workload.pages_per_session = 1;
  return p;
}

TEST(Layers, DirectorsBalanceConnectionsAndProxiesRequests) {
  const RunResult r = run(pages({lvs(), nginx(2), servers(8, 4)}));
  ASSERT_EQ(not_ok(r), 0u);
  EXPECT_EQ(generated(r), 10 * r.recorder.pages_started());
  EXPECT_EQ(picks(r, "vip"), 6 * r.recorder.pages_started());
  EXPECT_EQ(picks(r, "proxies"), 10 * r.recorder.pages_started());
}

TEST(Layers, TcpModeHaproxyBalancesConnectionsToo) {
  const RunResult r = run(pages({haproxy_tcp(), nginx(2), servers(8, 4)}));
  ASSERT_EQ(not_ok(r), 0u);
  EXPECT_EQ(picks(r, "vip"), 6 * r.recorder.pages_started());
  EXPECT_EQ(picks(r, "proxies"), generated(r));
}

// A resolver asks once in a TTL and turns its answer from one client to the next (unbound.conf(5),
// rrset-roundrobin); a client keeps to the address that it was told first.
TEST(Layers, NamesBalanceUsersNotRequests) {
  RunPlan p = pages({servers(4, 8)});
  p.site.clients[0].resolvers = 1;
  const RunResult r = run(p);
  EXPECT_EQ(total_of(r, "dns").requests, 1u);
  for (const NodeStats& node : r.recorder.nodes()) {
    if (node.tier != "servers") continue;
    EXPECT_EQ(node.total.requests % 10, 0u);  // a user's ten
    EXPECT_NEAR(static_cast<double>(node.total.requests) / static_cast<double>(generated(r)), 0.25,
                5 * std::sqrt(0.25 * 0.75 / static_cast<double>(r.recorder.pages_started())));
  }
}

TEST(Layers, NamesRotateOverAddressesFromOneResolverToTheNext) {
  RunPlan p = pages({servers(4, 8)});
  p.site.clients[0].resolvers = 400;
  p.site.clients[0].resolver_zipf = 0;
  const RunResult r = run(p);
  for (const NodeStats& node : r.recorder.nodes()) {
    if (node.tier != "servers") continue;  // a quarter each; resolvers' sizes are random
    EXPECT_NEAR(static_cast<double>(node.total.requests) / static_cast<double>(generated(r)), 0.25,
                0.08);
  }
}

TEST(Layers, ResponsesBypassADirectReturnDirectorButNotANatOne) {
  const RunResult direct = run(pages({lvs("rr", LvsMode::dr), nginx(2), servers(8, 4)}));
  const RunResult nat = run(pages({lvs("rr", LvsMode::nat), nginx(2), servers(8, 4)}));
  ASSERT_EQ(generated(direct), generated(nat));
  const std::uint64_t requests_bytes = generated(direct) * 1000;
  const std::uint64_t responses_bytes = total_of(direct, "servers").bytes_out;
  EXPECT_EQ(total_of(direct, "vip").bytes_in, requests_bytes);
  EXPECT_EQ(total_of(direct, "vip").bytes_out, requests_bytes);
  EXPECT_EQ(total_of(nat, "vip").bytes_in, requests_bytes + responses_bytes);
  EXPECT_EQ(total_of(nat, "vip").bytes_out, requests_bytes + responses_bytes);
  EXPECT_GT(total_of(nat, "vip").work_s, 1.5 * total_of(direct, "vip").work_s);
}

TEST(Layers, OfTwoCardsOfANatDirectorEachHasRequestsOneWayAndResponsesTheOther) {
  TierConfig vip = lvs("rr", LvsMode::nat);
  std::get<LvsTierConfig>(vip.device).arms = 2;
  const RunResult r = run(pages({vip, nginx(2), servers(8, 4)}));
  EXPECT_EQ(total_of(r, "vip").bytes_in, generated(r) * 1000);
  EXPECT_EQ(total_of(r, "vip").bytes_out, total_of(r, "servers").bytes_out);
}

TEST(Layers, NamesKeptToTheInstantAreAskedForAsRenewalTheorySays) {
  RunPlan p = bare_plan({servers(2, 1)}, 2, 20'000, always(0), 1);
  p.site.clients[0].resolvers = 10;
  p.site.clients[0].resolver_zipf = 0;
  auto& dns = std::get<DnsTierConfig>(p.site.dns.device);
  dns.ttl = seconds(10);
  dns.resolver = ResolverKind::exact;
  // An answer lives 10 s, then 5 s pass on average until the next user: 10 resolvers x 20,000 / 15.
  const auto asked = static_cast<double>(total_of(run(p), "dns").requests);
  EXPECT_NEAR(asked, 10 * 20'000 / 15.0, 4 * std::sqrt(10 * 20'000 / 15.0) * 5 / 15);
  dns.resolver = ResolverKind::unbound;  // in whole seconds: to the end of the tenth second after
  EXPECT_LT(static_cast<double>(total_of(run(p), "dns").requests), 0.98 * asked);
}

TEST(Layers, TheUplinkCarriesRequestsInAndResponsesOut) {
  RunPlan p = pages({lvs(), nginx(2), servers(8, 4)});
  p.site.network.uplink_bytes_per_s = 1e9;
  const RunResult r = run(p);
  EXPECT_EQ(total_of(r, "uplink").requests, generated(r));
  EXPECT_EQ(total_of(r, "uplink").bytes_in, generated(r) * 1000);
  EXPECT_EQ(total_of(r, "uplink").bytes_out, total_of(r, "servers").bytes_out);
  EXPECT_EQ(r.recorder.nodes().front().kind, "link");
  EXPECT_EQ(busiest_resource(r.recorder.nodes().front(), 20).of, "nic_out");
}

// Users ask for a hundred times what the uplink passes, and give up: all that is counted has
// passed.
TEST(Layers, ALinkIsNotCountedToCarryMoreThanItCan) {
  RunPlan p = bare_plan({servers(4, 8)}, 100, 60, always(0.001), 1e6);
  p.site.network.uplink_bytes_per_s = 1e6;
  const RunResult r = run(p);
  EXPECT_GT(count(r, RequestOutcome::timeout), generated(r) * 9 / 10);
  const std::vector<NodeMinute>& minutes = r.recorder.nodes().front().minutes;
  ASSERT_GE(minutes.size(), 1U);
  EXPECT_LE(static_cast<double>(minutes[0].bytes_out), 60e6);
  EXPECT_GT(static_cast<double>(minutes[0].bytes_out), 40e6);
}

TEST(Layers, AProxyReusesItsConnectionsToServers) {
  RunPlan p = pages({nginx(1), servers(8, 4)});
  proxy(p, 0).connect_cpu = microseconds(40);
  const double request_s = to_seconds(proxy(p, 0).request_cpu);
  proxy(p, 0).keepalive = 0;
  const RunResult fresh = run(p);
  proxy(p, 0).keepalive = 64;
  const RunResult kept = run(p);
  const auto n = static_cast<double>(generated(fresh));
  EXPECT_NEAR(total_of(fresh, "proxies").work_s, n * (request_s + 40e-6), 1e-6);
  // Two workers keep at most one connection for each request that is at work at the same time.
  EXPECT_LT(total_of(kept, "proxies").work_s, n * (request_s + 4e-6));
  // Without one, a request waits for a handshake: a round trip and the first segment's way.
  const double saved_s = fresh.recorder.latency().mean_s() - kept.recorder.latency().mean_s();
  EXPECT_NEAR(saved_s, 40e-6 + 2 * 50e-6, 40e-6);
}

// Handshake, then as many round trips as a response takes to leave in windows of IW, 2 IW, 4 IW,
// ... segments: 1 + ceil(log2(segments / IW + 1)) in all.
TEST(Layers, SlowStartAddsRoundTripsToAResponse) {
  const struct {
    int window;
    double bytes;
    double round_trips;
  } kCases[] = {{10, 20'480, 3}, {3, 20'480, 4}, {10, 14'600, 2},
                {10, 14'601, 3}, {1, 20'480, 5}, {10, 1'000'000, 8}};
  for (const auto& [window, bytes, round_trips] : kCases) {
    RunPlan p = bare_plan({servers(1, 1)}, 1, 10, always(0), bytes);
    p.site.clients[0].latency = milliseconds(25);
    p.site.network.initial_window = window;
    const double segments = std::ceil(bytes / 1460);
    EXPECT_EQ(round_trips, 1 + std::ceil(std::log2(segments / window + 1)));
    const RunResult r = run_at(p, {1.0});
    // The body itself moves at most at the flow's cap of kTcpGamma / (2 * latency).
    const double body_s = bytes / (kernel::kTcpGamma / (2 * 0.025));
    EXPECT_NEAR(longest_s(r), round_trips * 0.050 + body_s, 1e-4) << window << ' ' << bytes;
  }
}

TEST(Layers, TlsAddsItsRoundTripsToANewConnectionOnly) {
  RunPlan p = bare_plan({servers(1, 1)}, 1, 10, always(0), 1);
  p.site.clients[0].latency = milliseconds(25);
  p.site.workload.assets = 1;
  p.site.workload.asset_cached = 0;
  p.site.workload.asset = p.site.workload.document;
  const double plain_s = run_at(p, {1.0}).recorder.latency().mean_s();
  p.site.network.tls_round_trips = 2;
  // The asset takes the document's connection: a half of all requests opens one.
  EXPECT_NEAR(run_at(p, {1.0}).recorder.latency().mean_s() - plain_s, 2 * 0.050 / 2, 1e-9);
}

TEST(Layers, ASecondResponseFindsTheWindowGrown) {
  RunPlan p = bare_plan({servers(1, 1)}, 1, 100, always(0), 20'480);
  p.site.clients[0].latency = milliseconds(25);
  p.site.workload.assets = 1;  // over the document's connection: one round trip, no handshake
  p.site.workload.asset_cached = 0;
  p.site.workload.asset = p.site.workload.document;
  const RunResult r = run_at(p, {1.0});
  ASSERT_EQ(generated(r), 2u);
  EXPECT_NEAR(r.recorder.latency().mean_s(), (0.150 + 0.050) / 2, 1e-3);
}

}  // namespace
}  // namespace lbsim
