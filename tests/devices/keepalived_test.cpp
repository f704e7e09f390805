// What users notice of faults of keepalived and between its machines: who holds the address, where
// their packets go, and which connections live on.
#include "experiments.hpp"

namespace lbsim {
namespace {

using namespace lbsim::testing;

constexpr const char* kTakes = "takes the virtual address";
constexpr const char* kDrops = "drops the virtual address";

// A hundred requests a second through a pair of directors, over kept connections.
RunPlan pair_of_directors(std::string scheduler = "wlc", LvsMode mode = LvsMode::dr) {
  return plan({lvs(std::move(scheduler), mode), nginx(4), servers(8, 4)}, 20, 5, 60);
}

std::uint64_t lost(const RunResult& r) { return count(r, RequestOutcome::connection_lost); }

std::uint64_t requests_of(const RunResult& r, const std::string& machine) {
  for (const NodeStats& node : r.recorder.nodes()) {
    if (node.name == machine) return node.total.requests;
  }
  return 0;
}

TEST(Keepalived, KilledAltogetherLeavesTheAddressOnBothAndStopsNobodyWithSync) {
  RunPlan p = pair_of_directors();
  director(p).sync = true;
  add_fault(p, 20, "vip.1", FaultKind::keepalived_kill);
  const RunResult r = run(p);
  EXPECT_GT(event_s(r, kTakes, "vip.2"), 22.6);
  EXPECT_EQ(event_s(r, kDrops, "vip.1"), -1);
  EXPECT_LT(longest_s(r), 1);
  EXPECT_LE(not_ok(r), 3u);  // those that had their handshake with the first only
}

TEST(Keepalived, KilledAltogetherCostsConnectionsWithoutSyncWhenTheBackupAnnouncesItself) {
  RunPlan p = pair_of_directors();
  add_fault(p, 20, "vip.1", FaultKind::keepalived_kill);
  const RunResult r = run(p);
  EXPECT_GT(lost(r), 20u);
  EXPECT_LT(longest_s(r), 1);  // but nobody waits
}

TEST(Keepalived, ThatStopsSaysSoAndItsBackupTakesOverAfterASkew) {
  for (const FaultKind kind : {FaultKind::keepalived_stop, FaultKind::keepalived_kill_parent}) {
    RunPlan p = pair_of_directors();
    director(p).sync = true;
    add_fault(p, 20, "vip.1", kind);
    const RunResult r = run(p);
    EXPECT_NEAR(event_s(r, kDrops, "vip.1"), 20, 1e-9);
    EXPECT_NEAR(event_s(r, kTakes, "vip.2"), 20 + 166.0 / 256, 1e-9);
    EXPECT_GT(longest_s(r), 0.5);
    EXPECT_LE(not_ok(r), 3u);
  }
}

TEST(Keepalived, LosesItsVrrpProcessAndGetsTheAddressBack) {
  RunPlan p = pair_of_directors();
  director(p).sync = true;
  add_fault(p, 20, "vip.1", FaultKind::keepalived_kill_vrrp);
  const RunResult r = run(p);
  EXPECT_NEAR(event_s(r, kDrops, "vip.1"), 20.02, 1e-9);
  EXPECT_GT(event_s(r, kTakes, "vip.2"), 22.6);
  EXPECT_NEAR(event_s(r, kTakes, "vip.1"), 20.02 + 3 + 156.0 / 256, 1e-9);
}

// With one director nobody takes its place.
TEST(Keepalived, ThatWasKilledChecksNoMore) {
  const auto takes_out = [](bool killed, bool again) {
    RunPlan p = pair_of_directors();
    director(p).directors = 1;
    director(p).vrrp.priorities = {100};
    director(p).check = {true, seconds(1), seconds(1), 1, 1, {}};
    if (killed) add_fault(p, 10, "vip.1", FaultKind::keepalived_kill);
    add_fault(p, 20, "proxies.2", FaultKind::stop);
    if (again) add_fault(p, 40, "vip.1", FaultKind::keepalived_start);
    return run(p);
  };
  const std::uint64_t checked = not_ok(takes_out(false, false));
  const std::uint64_t unchecked = not_ok(takes_out(true, false));
  EXPECT_GT(unchecked, 5 * checked);
  EXPECT_LT(not_ok(takes_out(true, true)), unchecked * 9 / 10);
}

// 3.0 to 3.6 s into the partition both hold the address; clients go to the second.
TEST(Keepalived, SplitsInAPartitionAndClientsGoToTheLastThatAnnouncedItself) {
  RunPlan p = pair_of_directors();
  add_fault(p, 20, "vip.2", FaultKind::partition);
  const RunResult r = run(p);
  const double split_s = event_s(r, kTakes, "vip.2");
  EXPECT_GT(split_s, 22.6);
  EXPECT_EQ(event_s(r, kDrops, "vip.1"), -1);
  EXPECT_GT(lost(r), 20u);
  EXPECT_LT(longest_s(r), 1);
  EXPECT_GT(requests_of(r, "vip.2"), 1000u);
  p.window.length_s = split_s;
  EXPECT_LE(requests_of(r, "vip.1"), requests_of(run(p), "vip.1"));
}

// Over seeds the two ends come about: the lower priority advertises in the part of an interval that
// follows the end, or the higher does. Only then is the address silent for arp_timeout.
TEST(Keepalived, EndsASplitAtOnceOrWhenTheLanAsksAgain) {
  int at_once = 0;
  int late = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    RunPlan p = pair_of_directors();
    p.site.seed = seed;
    director(p).vrrp.arp_timeout = seconds(5);
    add_fault(p, 20, "vip.1", FaultKind::partition);
    add_fault(p, 40, "vip.1", FaultKind::partition_end);
    const RunResult r = run(p);
    const double drops_s = event_s(r, kDrops, "vip.2");
    const double asked_s = event_s(r, "hears the virtual address again", "vip.1");
    EXPECT_GE(drops_s, 40);
    EXPECT_LE(drops_s, 41);
    EXPECT_EQ(event_s(r, kDrops, "vip.1"), -1);
    if (asked_s == drops_s) {
      ++at_once;
      EXPECT_LT(longest_s(r), 1);
    } else {
      ++late;
      EXPECT_NEAR(asked_s, drops_s + 5, 1e-9);
      EXPECT_GT(longest_s(r), 3);
    }
  }
  EXPECT_GT(at_once, 0);
  EXPECT_GT(late, 0);
}

TEST(Keepalived, ConnectionsOfASplitAreNotSynchronised) {
  RunPlan p = pair_of_directors();
  director(p).sync = true;
  add_fault(p, 20, "vip.1", FaultKind::partition);
  add_fault(p, 50, "vip.1", FaultKind::partition_end);
  RunPlan whole = pair_of_directors();
  director(whole).sync = true;
  add_fault(whole, 20, "vip.1", FaultKind::keepalived_stop);
  add_fault(whole, 46.3, "vip.1", FaultKind::keepalived_start);
  EXPECT_LE(lost(run(whole)), 4u);
  EXPECT_GT(lost(run(p)), 20u);
}

TEST(Keepalived, ADirectorThatLostPowerKnowsNoConnectionWhenItReturns) {
  RunPlan p = pair_of_directors();
  director(p).sync = true;
  add_fault(p, 20, "vip.1", FaultKind::crash);
  add_fault(p, 40, "vip.1", FaultKind::repair);  // and preempts 3.68 s later
  const RunResult back = run(p);
  director(p).vrrp.preempt = false;
  const RunResult stays = run(p);
  EXPECT_LE(lost(stays), 4u);
  EXPECT_GT(lost(back), lost(stays) + 10);
}

// It is back, by preemption, 3.7 s after either: with its table, or without.
TEST(Keepalived, ADirectorThatLostItsLinkKnowsItsConnectionsAndOneThatLostPowerDoesNot) {
  for (const bool sync : {true, false}) {
    RunPlan link = pair_of_directors();
    director(link).sync = sync;
    RunPlan power = link;
    add_fault(link, 20, "vip.1", FaultKind::link_down);
    add_fault(link, 20.5, "vip.1", FaultKind::link_up);
    add_fault(power, 20, "vip.1", FaultKind::crash);
    add_fault(power, 20.5, "vip.1", FaultKind::repair);
    EXPECT_GT(lost(run(power)), lost(run(link)) + 20) << sync;
  }
}

TEST(Keepalived, SloppyTcpWithAHashOfTheClientKeepsConnectionsWithoutSync) {
  for (const LvsMode mode : {LvsMode::dr, LvsMode::nat}) {
    for (const char* scheduler : {"sh", "mh", "rr"}) {
      RunPlan p = pair_of_directors(scheduler, mode);
      add_fault(p, 20, "vip.1", FaultKind::link_down);
      const std::uint64_t strict = lost(run(p));
      director(p).sloppy_tcp = true;
      const std::uint64_t sloppy = lost(run(p));
      EXPECT_GT(strict, 20u) << scheduler;
      if (std::string(scheduler) == "rr") {
        EXPECT_GT(sloppy, 20u);  // one in four finds its proxy again
      } else {
        EXPECT_EQ(sloppy, 0u) << scheduler;
      }
    }
  }
}

TEST(Keepalived, AnInhibitedProxyKeepsItsConnectionsARemovedOneDropsTheirPackets) {
  const auto timeouts = [](bool inhibits) {
    RunPlan p = plan({lvs("wlc"), servers(4, 8)}, 20, 5, 60);
    director(p).inhibit_on_failure = inhibits;
    director(p).check = {true, seconds(1), seconds(1), 1, 1, {}};
    director(p).check.sees_errors = true;
    // Users find errors, but are answered, unless their packets are dropped.
    add_fault(p, 20, "servers.2", FaultKind::errors);
    const RunResult r = run(p);
    EXPECT_GT(event_s(r, "vip takes out", "servers.2"), 20);
    return count(r, RequestOutcome::timeout);
  };
  EXPECT_EQ(timeouts(true), 0u);
  EXPECT_GT(timeouts(false), 5u);
}

TEST(Keepalived, OnlyAnHttpCheckSeesAServerThatAnswersWithErrors) {
  const auto taken_out_s = [](bool http) {
    RunPlan p = plan({lvs("wlc"), servers(4, 8)}, 20, 5, 60);
    director(p).check = {true, seconds(1), seconds(1), 1, 1, {}};
    director(p).check.sees_errors = http;
    add_fault(p, 20, "servers.2", FaultKind::errors);
    const RunResult r = run(p);
    EXPECT_GT(count(r, RequestOutcome::server_error), 0u);
    return event_s(r, "vip takes out", "servers.2");
  };
  EXPECT_EQ(taken_out_s(false), -1);
  EXPECT_NEAR(taken_out_s(true), 20.5, 0.5);
}

// Pairs of proxies that share an address: of connections, and of requests.
std::vector<TierConfig> pairs_of_proxies() {
  TierConfig http = haproxy_http();
  http.name = "vip";
  http.next = "proxies";
  auto& config = std::get<ProxyTierConfig>(http.device);
  config.count = 2;
  config.vrrp_enabled = true;
  return {haproxy_tcp(), http};
}

// They go on working where the address has left them; their clients are reset by the other, which
// knows nothing of them.
TEST(Keepalived, MovesAnAddressFromAProxyThatStillRuns) {
  for (TierConfig& front : pairs_of_proxies()) {
    RunPlan p = plan({std::move(front), nginx(2), servers(8, 4)}, 20, 5, 60);
    add_fault(p, 20, "vip.1", FaultKind::keepalived_stop);
    add_fault(p, 40, "vip.1", FaultKind::keepalived_start);
    const RunResult r = run(p);
    EXPECT_NEAR(event_s(r, kTakes, "vip.2"), 20 + 166.0 / 256, 1e-9);
    EXPECT_NEAR(event_s(r, kTakes, "vip.1"), 40.07 + 3 + 156.0 / 256, 1e-9);
    EXPECT_GT(lost(r), 40u);
    EXPECT_EQ(not_ok(r), lost(r));
  }
}

TEST(Keepalived, SendsNothingToAProxyThatTheAddressHasLeft) {
  for (TierConfig& front : pairs_of_proxies()) {
    RunPlan p = plan({std::move(front), nginx(2), servers(8, 4)}, 20, 5, 60);
    add_fault(p, 20, "vip.1", FaultKind::keepalived_stop);
    const RunResult r = run(p);
    p.window.length_s = 20;  // and what is in flight then
    EXPECT_LE(requests_of(r, "vip.1"), requests_of(run(p), "vip.1"));
  }
}

TEST(Keepalived, LosesAResponseThatComesToAProxyAfterTheAddressHasLeftIt) {
  for (TierConfig& front : pairs_of_proxies()) {
    RunPlan p = bare_plan({std::move(front), nginx(1), servers(1, 1)}, 1, 20, always(2), 1000);
    EXPECT_EQ(count(run_at(p, {5}), RequestOutcome::ok), 1u);
    add_fault(p, 5.5, "vip.1", FaultKind::keepalived_stop);
    EXPECT_EQ(lost(run_at(p, {5})), 1u);
  }
}

TEST(Keepalived, LeavesAProxyThatKeptTheAddressToItsClientsUntilTheBackupAnnouncesItself) {
  RunPlan p = plan({haproxy_tcp(), nginx(2), servers(8, 4)}, 20, 5, 22.5);
  add_fault(p, 20, "vip.1", FaultKind::keepalived_kill);
  EXPECT_EQ(not_ok(run(p)), 0u);  // it announces itself at 22.6 s at the earliest
}

}  // namespace
}  // namespace lbsim
