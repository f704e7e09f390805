#include "planning/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "../site/sites.hpp"

namespace lbsim::planning {
namespace {

using namespace lbsim::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

CheckReport check(
    std::vector<TierConfig> tiers, double pages_per_s = 100,
    void (*change)(SiteConfig&) = [](SiteConfig&) {}) {
  SiteConfig site = plan(std::move(tiers), pages_per_s, 10, 60).site;
  change(site);
  const workload::RateCurve curve({1.0}, 86400);
  return check_site(site, curve, {0, 3600});
}

ServerGroupConfig group(const char* name, int count, int cores) {
  ServerGroupConfig config;
  config.name = name;
  config.count = count;
  config.cores = cores;
  return config;
}

std::vector<std::string> single_points(const CheckReport& report) {
  std::vector<std::string> names;
  for (const auto node : report.single_points) names.push_back(report.graph.requests[node].name);
  return names;
}

const Loss& loss_of(const CheckReport& report, const std::string& name) {
  for (const Loss& loss : report.losses) {
    if (report.stages[loss.stage].machines[loss.machine].name == name) return loss;
  }
  throw std::out_of_range(name);
}

double utilization(const CheckReport& report, const std::string& name) {
  for (const NodeForecast& node : report.nodes) {
    if (report.machine(node).name == name) return node.utilization;
  }
  throw std::out_of_range(name);
}

constexpr double kService = (0.010 + 9 * 0.002) / 10;  // of a request of the test sites, one core
constexpr double kBytes = (20000.0 + 9 * 15000) / 10;

TEST(Check, ServersAreTheBottleneckWhereNginxIsNot) {
  // Eight servers of 4 cores: 32 / 2.8 ms.
  const CheckReport report = check({nginx(2), servers(8, 4)});
  EXPECT_NEAR(report.requests.per_s, 32 / kService, 1e-6);
  EXPECT_EQ(cut_names(report.graph.requests, report.requests).size(), 8u);
  ASSERT_EQ(cut_parts(report).size(), 1u);
  EXPECT_EQ(cut_parts(report)[0].input, "servers.groups.0.cores");
  EXPECT_NEAR(utilization(report, "servers.1"), 1000 * kService / 32, 1e-12);
  // Its card is busier than its two workers: 15,500 bytes a request.
  EXPECT_NEAR(utilization(report, "proxies.1"), 500 * kBytes / 1.25e9, 1e-12);
  EXPECT_NEAR(report.configured.per_s, report.requests.per_s, 1e-6);
}

TEST(Check, NginxIsTheBottleneckInFrontOfManyServers) {
  TierConfig proxies = nginx(2);
  std::get<ProxyTierConfig>(proxies.device).nic.bytes_per_s = 0;
  const CheckReport report = check({proxies, servers(1000, 4)});
  EXPECT_NEAR(report.requests.per_s, 4 / 18.4e-6, 1e-3);
  EXPECT_THAT(cut_names(report.graph.requests, report.requests),
              ElementsAre("proxies.1", "proxies.2"));
  EXPECT_EQ(cut_parts(report)[0].input, "proxies.request_cpu x workers");
}

TEST(Check, WeightsThatIgnoreDifferencesFillTheWeakestFirst) {
  // Two servers of 4 cores and two of 1 core, spread evenly: the small ones are full at
  // 4 x 1 / 2.8 ms, the sum of the cores would do 10 / 2.8 ms.
  TierConfig unequal = servers(2, 4);
  std::get<ServerTierConfig>(unequal.device).groups.push_back(group("small", 2, 1));
  const CheckReport even = check({nginx(2), unequal});
  EXPECT_NEAR(even.requests.per_s, 10 / kService, 1e-6);
  EXPECT_NEAR(even.configured.per_s, 4 / kService, 1e-6);
  EXPECT_EQ(even.configured.input, "servers.groups.1.cores");
  // A method that looks at the load does without weights.
  const CheckReport aware = check({nginx(2, "least_conn"), unequal});
  EXPECT_NEAR(aware.configured.per_s, 10 / kService, 1e-6);
  // At 3,000 requests/s the even share of a small one would be 750 against its 357: the rest goes
  // on.
  const CheckReport busy = check({nginx(2, "least_conn"), unequal}, 300);
  EXPECT_NEAR(utilization(busy, "servers.3"), 1, 1e-9);
  EXPECT_NEAR(utilization(busy, "servers.1"), (3000 - 2 / kService) / 2 * kService / 4, 1e-9);
}

// The card of a director: a request in and out, with NAT its response, too.
TEST(Check, ResponsesPassADirectorOnlyWithNat) {
  const auto slow_card = [](LvsMode mode) {
    TierConfig tier = lvs("rr", mode);
    auto& device = std::get<LvsTierConfig>(tier.device);
    device.packet_cpu = Duration{};
    device.nic.bytes_per_s = 1e6;
    return tier;
  };
  const CheckReport nat = check({slow_card(LvsMode::nat), nginx(8), servers(1000, 64)});
  EXPECT_NEAR(nat.requests.per_s, 1e6 / (1000 + kBytes), 1e-6);
  EXPECT_THAT(cut_names(nat.graph.requests, nat.requests), ElementsAre("vip.1"));
  EXPECT_EQ(cut_parts(nat)[0].input, "vip.nic");
  EXPECT_NEAR(nat.responses.per_s, 8e6, 1e-3);
  TierConfig two_cards = slow_card(LvsMode::nat);  // each has requests one way, responses the other
  std::get<LvsTierConfig>(two_cards.device).arms = 2;
  EXPECT_NEAR(check({two_cards, nginx(8), servers(1000, 64)}).requests.per_s, 1e6 / kBytes, 1e-6);
  for (const LvsMode mode : {LvsMode::dr, LvsMode::tun}) {
    const CheckReport direct = check({slow_card(mode), nginx(8), servers(1000, 64)});
    EXPECT_NEAR(direct.requests.per_s, 1e6 / 1000, 1e-6);
    EXPECT_NEAR(direct.responses.per_s, 8 * 8 * 1.25e9, 1);  // the proxies' cards
  }
}

// Packets of a request: data + 1 in, half the response's ACKs in, with NAT the response out. 20,000
// bytes are 14 segments, 15,000 are 11.
TEST(Check, NatCostsADirectorThePacketsOfResponses) {
  const double segments = (14 + 9 * 11) / 10.0;
  const double in = 1000.0 / 1460 + 1 + segments / 2;
  const double opened = page_mix(plan({servers(1, 1)}, 1, 10, 60).site).connections_per_request;
  const CheckReport dr = check({lvs("rr", LvsMode::dr), nginx(2), servers(8, 4)});
  const CheckReport nat = check({lvs("rr", LvsMode::nat), nginx(2), servers(8, 4)});
  EXPECT_NEAR(utilization(dr, "vip.1"), 1000e-6 * (in + 2 * opened), 1e-9);
  EXPECT_NEAR(utilization(nat, "vip.1"), 1000e-6 * (in + segments + 3 * opened), 1e-9);
  EXPECT_EQ(utilization(dr, "vip.2"), 0);
}

TEST(Check, APairWithOneAddressIsNoSinglePointButALoneNginxIs) {
  const CheckReport pair = check({lvs(), nginx(1), servers(8, 4)});
  EXPECT_THAT(single_points(pair), ElementsAre("dns.1", "uplink", "proxies.1"));
  const CheckReport two = check({haproxy_tcp(), nginx(2), servers(8, 4)});
  EXPECT_THAT(single_points(two), ElementsAre("dns.1", "uplink"));
  TierConfig lone = lvs();
  std::get<LvsTierConfig>(lone.device).directors = 1;
  EXPECT_THAT(single_points(check({lone, nginx(2), servers(1, 4)})),
              ElementsAre("dns.1", "uplink", "vip.1", "servers.1"));
}

TEST(Check, TheUplinkLimitsWhatItCarries) {
  const CheckReport report = check({nginx(2), servers(100, 4)}, 100, [](SiteConfig& site) {
    site.network.uplink_bytes_per_s = 1.25e7;
  });
  EXPECT_NEAR(report.requests.per_s, 1.25e7 / kBytes, 1e-6);
  EXPECT_THAT(cut_names(report.graph.responses, report.responses), ElementsAre("uplink"));
  EXPECT_EQ(cut_parts(report)[0].input, "network.uplink");
}

TEST(Check, TheLossOfOneOfEightServersPutsAnEighthMoreOnTheOthers) {
  const CheckReport report = check({nginx(2), servers(8, 4)});
  const Loss& server = loss_of(report, "servers.1");
  EXPECT_EQ(server.alike, 8u);
  EXPECT_NEAR(server.capacity_per_s, 28 / kService, 1e-6);
  EXPECT_NEAR(server.utilization, 1000 * kService / 28, 1e-12);
  EXPECT_EQ(server.watched_by, "proxies.max_fails");
  EXPECT_EQ(server.share_lost, 0);
}

TEST(Check, TheLossOfAnActiveDirectorIsTakenOverAndOfALoneNginxNot) {
  const CheckReport report = check({lvs(), nginx(1), servers(8, 4)});
  EXPECT_NEAR(loss_of(report, "vip.1").capacity_per_s, report.requests.per_s, 1e-6);
  EXPECT_EQ(loss_of(report, "vip.1").share_lost, 0);
  EXPECT_EQ(loss_of(report, "vip.1").watched_by, "vip.vrrp");
  EXPECT_EQ(loss_of(report, "proxies.1").share_lost, 1);
  EXPECT_EQ(loss_of(report, "dns.1").share_lost, 1);
}

TEST(Check, AnUnwatchedMachineLosesItsShareUntilSomebodyActs) {
  // Four addresses in the DNS, no monitor: a quarter of the users are sent to the dead one.
  const Loss& loss = loss_of(check({servers(4, 4)}), "servers.1");
  EXPECT_EQ(loss.watched_by, "");
  EXPECT_DOUBLE_EQ(loss.share_lost, 0.25);
  const CheckReport watched = check({servers(4, 4)}, 100, [](SiteConfig& site) {
    std::get<DnsTierConfig>(site.dns.device).monitor.enabled = true;
  });
  EXPECT_EQ(loss_of(watched, "servers.1").share_lost, 0);
  EXPECT_EQ(loss_of(watched, "servers.1").watched_by, "dns.monitor");
}

// Servers at 10,000 x 2.8 ms / 32 cores; a proxy's card at 5,000 x 15,500 bytes of 1.25 GB/s.
TEST(Check, NamesTheBottleneckAndTheNextAfterIt) {
  const CheckReport report = check({nginx(2), servers(8, 4)}, 1000);
  const auto name = [&](std::size_t i) {
    const BottleneckStep& step = report.bottlenecks.at(i);
    return report.stages[step.stage].machines[step.machine].name + ' ' + step.load.resource;
  };
  EXPECT_EQ(name(0), "servers.1 cpu");
  EXPECT_NEAR(report.bottlenecks[0].times, 32 / kService / 10'000, 1e-9);
  EXPECT_NEAR(report.bottlenecks[0].capacity_per_s, 32 / kService, 1e-6);
  EXPECT_EQ(name(1), "proxies.1 nic_in");
  EXPECT_NEAR(report.bottlenecks[1].utilization, 5000 * kBytes / 1.25e9, 1e-9);
  EXPECT_EQ(name(2), "proxies.1 nic_out");
  EXPECT_EQ(name(3), "proxies.1 cpu");
}

TEST(Check, SaysWhatTheSiteHoldsOnceTheFirstBottleneckIsWide) {
  // The small servers' cores are full first as configured; without that limit the cards decide.
  TierConfig unequal = servers(2, 4);
  std::get<ServerTierConfig>(unequal.device).groups.push_back(group("small", 2, 1));
  const CheckReport report = check({nginx(2), unequal});
  ASSERT_GE(report.bottlenecks.size(), 2u);
  EXPECT_NEAR(report.bottlenecks[0].configured_per_s, 4 / kService, 1e-6);
  EXPECT_NEAR(report.bottlenecks[1].capacity_per_s, 2 * 1.25e9 / kBytes, 1e-3);
  EXPECT_NEAR(report.bottlenecks[1].configured_per_s, 2 * 1.25e9 / kBytes, 1e-3);
  for (std::size_t i = 1; i < report.bottlenecks.size(); ++i) {
    EXPECT_GE(report.bottlenecks[i].times, report.bottlenecks[i - 1].times);
    EXPECT_GE(report.bottlenecks[i].capacity_per_s, report.bottlenecks[i - 1].capacity_per_s);
  }
}

TEST(Check, EveryResourceHasItsHeadroom) {
  const CheckReport report = check({nginx(2), servers(8, 4)});
  const auto row = [&](const std::string& name, const std::string& resource) -> const Headroom& {
    for (const Headroom& h : report.headroom) {
      if (report.stages[h.stage].machines[h.machine].name == name && h.load.resource == resource)
        return h;
    }
    throw std::out_of_range(name + resource);
  };
  const Headroom& card = row("proxies.1", "nic_out");
  EXPECT_EQ(card.last - card.machine + 1, 2u);  // both proxies in one row
  EXPECT_NEAR(card.utilization, 500 * kBytes / 1.25e9, 1e-12);
  EXPECT_NEAR(card.times, 1.25e9 / (500 * kBytes), 1e-9);
  EXPECT_NEAR(row("servers.1", "nic_out").times, 1.25e9 / (125 * kBytes), 1e-9);
  EXPECT_NEAR(row("servers.1", "cpu").times, 32 / kService / 1000, 1e-9);
  EXPECT_GT(row("dns.1", "cpu").times, 1);
}

TEST(Check, TheLossOfAMachineFailsTheSiteOrAShareOrTooMuchFallsOnTheOthers) {
  const CheckReport lone = check({nginx(1), servers(2, 4)});
  EXPECT_STREQ(loss_of(lone, "proxies.1").fails(), "site");
  EXPECT_STREQ(loss_of(lone, "servers.1").fails(), "nothing");  // 1,000 x 2.8 ms on 4 cores: 70 %
  EXPECT_STREQ(loss_of(check({nginx(1), servers(2, 4)}, 200), "servers.1").fails(), "overload");
  EXPECT_STREQ(loss_of(check({servers(4, 4)}), "servers.1").fails(), "share");
  EXPECT_THAT(check_text(lone), HasSubstr("not held without dns.1, uplink, proxies.1\n"));
}

TEST(Check, JsonHasTheFieldsOfTheContract) {
  const auto json = nlohmann::json::parse(check_json(check({lvs(), nginx(1), servers(8, 4)})));
  EXPECT_NEAR(json["capacity_rps"].get<double>(), 32 / kService, 1e-6);
  EXPECT_EQ(json["min_cut"].size(), 8u);
  EXPECT_EQ(json["min_cut"][0], "servers.1");
  EXPECT_EQ(json["single_points_of_failure"], nlohmann::json({"dns.1", "uplink", "proxies.1"}));
  EXPECT_EQ(json["forecast"].size(), 1u + 1 + 2 + 1 + 8);
  EXPECT_EQ(json["forecast"].back()["node"], "servers.8");
  EXPECT_NEAR(json["forecast"].back()["utilization_peak"].get<double>(), 1000 * kService / 32,
              1e-9);
}

TEST(Check, TextSaysWhatDecidesInTheScenariosWords) {
  const std::string text = check_text(check({lvs(), nginx(1), servers(8, 4)}));
  EXPECT_THAT(text, HasSubstr("11.4 kreq/s if spread ideally"));
  EXPECT_THAT(text,
              HasSubstr("decided by servers.groups.0.cores: servers.1 to servers.8 (8 machines)"));
  EXPECT_THAT(text, HasSubstr("alone      dns.1, uplink, proxies.1"));
}

}  // namespace
}  // namespace lbsim::planning
