// Whatever fails and whenever, every request has one outcome (run_site throws otherwise) and the
// run comes to its end.
#include "experiments.hpp"

namespace lbsim {
namespace {

using namespace lbsim::testing;

RunResult run_to_the_end(RunPlan p) {
  const double patience_s = p.window.length_s + 200;
  p.progress = [patience_s](const Progress& progress) { return progress.simulated_s < patience_s; };
  RunResult r = run(p);
  EXPECT_FALSE(r.partial) << "something is waited for that does not come";
  return r;
}

TEST(Conservation, HoldsWhenTheHolderOfTheAddressDiesWithRequestsInFlight) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const TierConfig& vip : {lvs("wlc", LvsMode::dr), lvs("wlc", LvsMode::nat),
                                  lvs("wlc", LvsMode::tun), haproxy_tcp()}) {
      RunPlan p = plan({vip, nginx(2), servers(4, 4)}, 50, 10, 12);
      p.site.seed = seed;
      p.site.workload.pages_per_session = 2;
      if (vip.device.index() == p.site.tiers[0].device.index() && seed % 2 == 0) {
        if (auto* director = std::get_if<LvsTierConfig>(&p.site.tiers[0].device))
          director->sync = true;
      }
      add_fault(p, 5 + 0.037 * static_cast<double>(seed), "vip.1", FaultKind::crash);
      const RunResult r = run_to_the_end(p);
      EXPECT_EQ(r.recorder.ended_count(), generated(r));
      EXPECT_GT(count(r, RequestOutcome::ok), 0u);
    }
  }
}

// Six random faults on random machines of the site.
void add_random_faults(RunPlan& p, Random& random) {
  const std::vector<std::string> nodes = {"vip.1",     "vip.2",     "proxies.1",
                                          "proxies.2", "servers.1", "servers.2"};
  constexpr FaultKind kKinds[] = {FaultKind::crash,   FaultKind::stop,     FaultKind::repair,
                                  FaultKind::repair,  FaultKind::slow,     FaultKind::link_down,
                                  FaultKind::link_up, FaultKind::link_slow};
  std::vector<double> times;
  for (int i = 0; i < 6; ++i) times.push_back(1 + 10 * random.uniform());
  std::sort(times.begin(), times.end());
  for (const double t : times) {
    const std::string& node = nodes[random.below(nodes.size())];
    const FaultKind kind = kKinds[random.below(std::size(kKinds))];
    add_fault(p, t, node, kind, 0.2 + random.uniform());
  }
}

TEST(Conservation, HoldsUnderRandomFaultsInEveryTopology) {
  const HealthCheckConfig check{true, milliseconds(500), milliseconds(500), 2, 2, {}};
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed, "faults");
    TierConfig balancer = seed % 2 == 0 ? haproxy_http("leastconn") : nginx(2, "least_conn");
    auto& http = std::get<ProxyTierConfig>(balancer.device);
    http.count = 2;
    http.check = seed % 4 == 0 ? check : HealthCheckConfig{};
    http.member_connections_max = seed % 3 == 0 ? 3 : 0;
    http.connect_timeout = milliseconds(700);
    http.read_timeout = milliseconds(1500);
    TierConfig vip = seed % 5 == 0 ? haproxy_tcp() : lvs("wlc", static_cast<LvsMode>(seed % 3));
    if (auto* lvs_tier = std::get_if<LvsTierConfig>(&vip.device)) lvs_tier->check = check;
    if (auto* tcp = std::get_if<ProxyTierConfig>(&vip.device)) tcp->check = check;
    RunPlan p = plan({vip, balancer, servers(2, 4)}, 40, 6, 12);
    p.site.seed = seed;
    p.site.workload.deadline = seconds(4);
    p.site.workload.pages_per_session = 3;
    p.site.workload.think = seconds(1);
    add_random_faults(p, random);
    SCOPED_TRACE(seed);
    const RunResult r = run_to_the_end(p);
    EXPECT_EQ(r.recorder.ended_count(), generated(r));
  }
}

TEST(Conservation, HoldsWhenARunIsInterrupted) {
  RunPlan p = plan({lvs(), nginx(2), servers(4, 4)}, 50, 10, 60);
  p.progress = [](const Progress& progress) { return progress.simulated_s < 20; };
  const RunResult r = run(p);
  EXPECT_TRUE(r.partial);
  EXPECT_NEAR(r.simulated_s, 20, 0.1);
  EXPECT_GT(count(r, RequestOutcome::unfinished), 0u);
  EXPECT_EQ(r.recorder.ended_count(), generated(r));
}

}  // namespace
}  // namespace lbsim
