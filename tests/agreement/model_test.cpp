// The whole model on both kernels: the same scenario, the same picks, the same response times.
#include <gtest/gtest.h>

#include "../devices/experiments.hpp"
#include "../support/child.hpp"

namespace lbsim {
namespace {

using namespace lbsim::testing;

struct Setting {
  std::string name;
  RunPlan plan;
};

struct Found {
  std::uint64_t pick_digest;
  std::uint64_t generated;
  std::uint64_t ok;
  double mean_s;
  double p99_s;
};

Found found(RunPlan plan, KernelKind kernel) {
  plan.kernel = kernel;
  return test::in_child<Found>([&] {
           const RunResult r = run(plan);
           const LatencySketch& l = r.recorder.latency();
           return std::vector<Found>{{r.recorder.pick_digest(), generated(r),
                                      count(r, RequestOutcome::ok), l.mean_s(),
                                      l.quantile_s(0.99)}};
         })
      .at(0);
}

class ModelAgreement : public ::testing::TestWithParam<Setting> {};

TEST_P(ModelAgreement, OnEveryPickAndOnMeanAndP99) {
  const Found native = found(GetParam().plan, KernelKind::native);
  const Found simgrid = found(GetParam().plan, KernelKind::simgrid);
  EXPECT_NEAR(static_cast<double>(native.generated), 100'000, 2'000);
  EXPECT_EQ(native.generated, simgrid.generated);
  EXPECT_EQ(native.pick_digest, simgrid.pick_digest);
  EXPECT_EQ(native.ok, simgrid.ok);
  EXPECT_GT(native.ok, native.generated * 9 / 10);
  EXPECT_NEAR(native.mean_s / simgrid.mean_s, 1, 1e-3);
  EXPECT_NEAR(native.p99_s / simgrid.p99_s, 1, 1e-3);
}

// Servers of weights 1, 2 and 3 with cards of `card_bytes_per_s`.
TierConfig weighted_servers(int count, double card_bytes_per_s) {
  TierConfig tier = servers(1, 2);
  auto& groups = std::get<ServerTierConfig>(tier.device).groups;
  groups.clear();
  for (int weight = 1; weight <= 3; ++weight) {
    const int members = count / 3 + (weight <= count % 3 ? 1 : 0);
    groups.push_back(
        {"w" + std::to_string(weight), members, 2, 1.0, weight, {card_bytes_per_s}, {}});
  }
  return tier;
}

// 100,000 requests for 20 KB each, of 2 ms of work, behind an uplink.
RunPlan requests(TierConfig balancer, TierConfig servers_tier, double per_s, double uplink) {
  const double work_s = 0.002;
  balancer.next = "servers";
  RunPlan p = bare_plan({std::move(balancer), std::move(servers_tier)}, per_s, 100'000 / per_s,
                        {Law::exponential, work_s, 1, nullptr}, 20'000);
  p.site.clients[0].latency = milliseconds(1);
  p.site.workload.document.response_bytes = {Law::exponential, 20'000, 1, nullptr};
  p.site.network.uplink_bytes_per_s = uplink;
  return p;
}

void add_latencies(RunPlan& p) {
  p.site.clients.clear();
  for (const int us : {100, 300, 700, 1200, 2000, 3100, 4700, 6500}) {
    ClientGroupConfig group;
    group.name = "at" + std::to_string(us);
    group.share = 0.125;
    group.latency = microseconds(us);
    p.site.clients.push_back(group);
  }
}

std::vector<Setting> settings() {
  std::vector<Setting> all;
  for (const std::string by : {"wrr", "wlc"}) {
    const auto balancer = [&] { return by == "wrr" ? nginx(1, "round_robin") : lvs("wlc"); };
    const auto add = [&](const std::string& name, RunPlan p) {
      all.push_back({name + '_' + by, std::move(p)});
    };
    add("one_bottleneck", requests(balancer(), weighted_servers(16, 1.25e9), 1500, 33.5e6));
    add("two_bottlenecks", requests(balancer(), weighted_servers(16, 6e6), 1500, 33.5e6));
    RunPlan latencies = requests(balancer(), weighted_servers(16, 6e6), 1500, 33.5e6);
    add_latencies(latencies);
    add("eight_latencies", latencies);
    add("wide", requests(balancer(), weighted_servers(160, 6e6), 15'000, 400e6));
    RunPlan in_step = requests(balancer(), weighted_servers(16, 6e6), 1500, 33.5e6);
    in_step.site.workload.arrivals = ArrivalLaw::even;
    in_step.site.network.tls_round_trips = 1;
    std::get<DnsTierConfig>(in_step.site.dns.device).resolver = ResolverKind::exact;
    add("in_step_with_tls", in_step);
    // IPVS gives a server that is back nearly all connections until it has as many as the others:
    // its card must carry them, or the reference needs minutes for the flows that pile up.
    RunPlan crash = requests(balancer(), weighted_servers(16, 60e6), 1500, 60e6);
    add_fault(crash, 20, "servers.16", FaultKind::crash);
    add_fault(crash, 40, "servers.16", FaultKind::repair);
    const HealthCheckConfig check{true, seconds(2), seconds(1), 2, 1, {}};
    if (by == "wlc") director(crash).check = check;
    add("crash_and_repair", crash);
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Kernels, ModelAgreement, ::testing::ValuesIn(settings()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace lbsim
