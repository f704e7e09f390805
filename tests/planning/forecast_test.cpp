// The forecast against the simulation: what each machine had to do in a run, and what it was
// forecast to do at the rate of page views that the run turned out to have.
#include "planning/forecast.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "../site/sites.hpp"
#include "planning/check.hpp"

namespace lbsim::planning {
namespace {

using namespace lbsim::testing;

constexpr double kLength = 600;

TierConfig costly(TierConfig tier) {
  auto& proxy = std::get<ProxyTierConfig>(tier.device);
  proxy.kilobyte_cpu = microseconds(2);
  proxy.accept_cpu = microseconds(20);
  proxy.connect_cpu = microseconds(40);
  return tier;
}

TierConfig unequal() {
  TierConfig tier = servers(2, 4, 1.0, 4);
  ServerGroupConfig small;
  small.name = "small";
  small.count = 4;
  small.cores = 2;
  small.speed = 0.5;
  std::get<ServerTierConfig>(tier.device).groups.push_back(small);
  return tier;
}

// Relative standard error of a machine's work in a run of P pages in S sessions of 4 pages in the
// mean, ten requests each, if its share of the requests is p.
//  - Which session or connection goes where: sessions are geometric, E[n^2] / E[n]^2 = 28 / 16, so
//    (1 - p) / p * 28 / 16 / S; an upper bound, as round robin spreads more evenly than chance.
//  - What its requests need: E[s^2] / E[s]^2 of the exponential mix of 10 ms and nine times 2 ms is
//    (2 * 100 + 9 * 2 * 4) / 10 / 2.8^2 = 3.47, so 3.47 / (10 p P); zero for proxies, as is a part.
double standard_error(double pages, double p) {
  const double sessions = pages / 4;
  return std::sqrt((1 - p) / p * 28 / 16 / sessions + 3.47 / (10 * p * pages));
}

// Sessions that were under way when the window opened open their connections again, and workers
// their first ones to each server: less than 1 % of any machine's work over ten minutes.
constexpr double kStart = 0.01;

void expect_forecast(const std::vector<TierConfig>& tiers, Duration ttl = seconds(1)) {
  RunPlan run_plan = plan(tiers, 200, 10, kLength);
  std::get<DnsTierConfig>(run_plan.site.dns.device).ttl = ttl;
  const RunResult result = run(run_plan);
  const auto pages = static_cast<double>(result.recorder.pages_started());
  const PageMix mix = page_mix(run_plan.site);
  const auto stages = stages_of(run_plan.site, mix, pages / kLength);
  std::size_t compared = 0;
  for (const NodeForecast& node : forecast(stages, pages / kLength * mix.requests_per_page)) {
    const std::string& name = stages[node.stage].machines[node.machine].name;
    for (const NodeStats& stats : result.recorder.nodes()) {
      if (stats.name != name) continue;
      ++compared;
      const double expected = node.utilization * stats.cores * kLength;
      if (expected == 0) {
        EXPECT_EQ(stats.total.work_s, 0) << name;
        continue;
      }
      ASSERT_EQ(node.resource, "cpu") << name;
      const double tolerance = 4 * standard_error(pages, node.share) + kStart;
      EXPECT_NEAR(stats.total.work_s / expected, 1, tolerance) << name << " share " << node.share;
    }
  }
  EXPECT_EQ(compared, result.recorder.nodes().size());
}

TEST(Forecast, IsWhatNginxAndEqualServersDo) { expect_forecast({costly(nginx(2)), servers(4, 2)}); }

TEST(Forecast, FollowsTheWeightsOfNginx) { expect_forecast({costly(nginx(2)), unequal()}); }

TEST(Forecast, IsWhatDirectorsDoWithDirectRouting) {
  expect_forecast({lvs("wlc", LvsMode::dr), costly(nginx(2, "least_conn")), servers(4, 2)});
}

TEST(Forecast, IsWhatDirectorsDoWithNat) {
  expect_forecast({lvs("wrr", LvsMode::nat), costly(nginx(2)), unequal()});
}

TEST(Forecast, FollowsTheWeightsOfDirectorsInFrontOfServers) {
  expect_forecast({lvs("wlc", LvsMode::tun), unequal()});
  expect_forecast({lvs("wrr", LvsMode::tun), unequal()});
}

TEST(Forecast, IsWhatHaproxyInTcpModeAndNginxDo) {
  expect_forecast({costly(haproxy_tcp("roundrobin")), costly(nginx(2)), servers(4, 2)});
}

TEST(Forecast, OfADnsServerKnowsItsResolversCaches) {
  expect_forecast({servers(4, 2)}, seconds(1));
  expect_forecast({servers(4, 2)}, seconds(10));
}

}  // namespace
}  // namespace lbsim::planning
