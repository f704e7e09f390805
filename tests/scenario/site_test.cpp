#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "scenario/site_reader.hpp"

namespace lbsim::scenario {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::filesystem::path scenario(const std::string& name) {
  return std::filesystem::path(LBSIM_SCENARIOS) / (name + ".toml");
}

std::vector<std::string> names_of(const SiteConfig& site) {
  std::vector<std::string> names;
  for (const TierConfig& tier : site.tiers) names.push_back(tier.name);
  return names;
}

TEST(Scenarios, FourTopologiesLoadAsChainsBehindDns) {
  EXPECT_THAT(names_of(load_scenario(scenario("dns-only")).site), ElementsAre("servers"));
  EXPECT_THAT(names_of(load_scenario(scenario("nginx")).site), ElementsAre("proxies", "servers"));
  for (const char* name : {"haproxy-keepalived-nginx", "lvs-dr-nginx"}) {
    const LoadedScenario loaded = load_scenario(scenario(name));
    EXPECT_EQ(loaded.site.dns.name, "dns");
    EXPECT_THAT(names_of(loaded.site), ElementsAre("vip", "proxies", "servers"));
  }
}

// 10 % of 100M page views in 3600 s, ten requests each; 40 ms for the document and 2.8 ms for each
// of nine assets of the 30 x 8 x 1.0 + 30 x 4 x 0.5 = 300 cores' time.
TEST(Scenarios, FleetIsSixtyPercentBusyAtAHundredMillionPageViews) {
  const LoadedScenario loaded = load_scenario(scenario("lvs-dr-nginx"));
  EXPECT_EQ(loaded.window.start_s, 21 * 3600);
  EXPECT_EQ(loaded.window.length_s, 3600);
  const WorkloadConfig& w = loaded.site.workload;
  const double pages_per_s = w.page_views_per_day / 86'400 * loaded.day_curve.rate_at(21 * 3600);
  EXPECT_NEAR(pages_per_s, 2778, 1);
  const double assets = w.assets * (1 - w.asset_cached);
  EXPECT_NEAR(pages_per_s * (1 + assets), 27'778, 1);
  double cores = 0;
  const auto& servers = std::get<ServerTierConfig>(loaded.site.tiers.back().device);
  for (const ServerGroupConfig& group : servers.groups) {
    cores += group.count * group.cores * group.speed;
  }
  EXPECT_EQ(cores, 300);
  const double work_s = w.document.service.mean + assets * w.asset.service.mean;
  EXPECT_NEAR(pages_per_s * work_s / cores, 0.60, 0.01);
}

TEST(Scenarios, CostIsTheSumOverAllMachines) {
  const LoadedScenario loaded = load_scenario(scenario("lvs-dr-nginx"));
  EXPECT_EQ(loaded.cost.capex_cny, 10 * 40'000 + 30 * 40'000 + 30 * 15'000);
  EXPECT_EQ(loaded.cost.opex_cny_per_year, 70 * 8'000);
}

TEST(Scenarios, SettingsOverrideFieldsAndChangeTheHash) {
  const auto path = scenario("lvs-dr-nginx");
  const LoadedScenario plain = load_scenario(path);
  const LoadedScenario set = load_scenario(
      path, {"workload.page_views=3M", "vip.scheduler=sed", "servers.groups.1.count=5",
             "workload.window=08:00-08:30", "vip.check.enabled=false"});
  EXPECT_EQ(set.site.workload.page_views_per_day, 3e6);
  const auto& vip = std::get<LvsTierConfig>(set.site.tiers.front().device);
  EXPECT_EQ(vip.scheduler, "sed");
  EXPECT_FALSE(vip.check.enabled);
  EXPECT_EQ(std::get<ServerTierConfig>(set.site.tiers.back().device).groups[1].count, 5);
  EXPECT_EQ(set.window.start_s, 8 * 3600);
  EXPECT_EQ(set.window.length_s, 1800);
  EXPECT_NE(set.sha256, plain.sha256);
  EXPECT_EQ(load_scenario(path).sha256, plain.sha256);
}

TEST(Scenarios, ReadHowUsersComeAndWhatTheyMeetOnTheirWay) {
  const LoadedScenario set =
      load_scenario(scenario("lvs-dr-nginx"),
                    {"workload.arrivals=even", "workload.day_curve={swing=0.5, peak_hour=6}",
                     "vip.arms=2", "network.tls_round_trips=1", "dns.resolver=exact"});
  EXPECT_EQ(set.site.workload.arrivals, ArrivalLaw::even);
  EXPECT_NEAR(set.day_curve.rate_at(6 * 3600), 1.5, 1e-6);
  EXPECT_NEAR(set.day_curve.rate_at(18 * 3600), 0.5, 1e-6);
  EXPECT_EQ(std::get<LvsTierConfig>(set.site.tiers.front().device).arms, 2);
  EXPECT_EQ(set.site.network.tls_round_trips, 1);
  EXPECT_EQ(std::get<DnsTierConfig>(set.site.dns.device).resolver, ResolverKind::exact);
}

TEST(Scenarios, FaultThatDoesNotLastIsFollowedByWhatUndoesIt) {
  const LoadedScenario loaded =
      load_scenario(scenario("nginx"),
                    {"fault=[{at=\"21:10\", kind=\"stop\", node=\"proxies.2\", lasts=\"5min\"},"
                     "{at=\"21:20\", kind=\"slow\", node=\"servers.60\", factor=0.5}]"});
  const auto& faults = loaded.site.faults;
  ASSERT_EQ(faults.size(), 3U);
  EXPECT_EQ(faults[0].kind, FaultKind::stop);
  EXPECT_EQ(faults[0].at, kTimeZero + seconds(21 * 3600 + 600));
  EXPECT_EQ(faults[1].kind, FaultKind::repair);
  EXPECT_EQ(faults[1].at, faults[0].at + seconds(300));
  EXPECT_EQ(faults[1].node, "proxies.2");
  EXPECT_EQ(faults[2].factor, 0.5);
}

TEST(Scenarios, FaultsOfKeepalivedAreUndoneByItsStartAndThoseOfTheLanByTheirEnd) {
  const LoadedScenario loaded = load_scenario(
      scenario("lvs-dr-nginx"),
      {"fault=[{at=\"21:10\", kind=\"keepalived-kill\", node=\"vip.1\", lasts=\"5s\"},"
       "{at=\"21:11\", kind=\"keepalived-kill-parent\", node=\"vip.1\", lasts=\"5s\"},"
       "{at=\"21:12\", kind=\"keepalived-stop\", node=\"vip.1\", lasts=\"5s\"},"
       "{at=\"21:13\", kind=\"partition\", node=\"vip.1\", lasts=\"5s\"},"
       "{at=\"21:14\", kind=\"errors\", node=\"servers.1\", lasts=\"5s\"},"
       "{at=\"21:15\", kind=\"keepalived-kill-vrrp\", node=\"vip.1\"}]"});
  std::vector<FaultKind> kinds;
  for (const FaultConfig& fault : loaded.site.faults) kinds.push_back(fault.kind);
  using enum FaultKind;
  EXPECT_EQ(kinds,
            (std::vector<FaultKind>{keepalived_kill, keepalived_start, keepalived_kill_parent,
                                    keepalived_start, keepalived_stop, keepalived_start, partition,
                                    partition_end, errors, errors_end, keepalived_kill_vrrp}));
}

TEST(Scenarios, KeepalivedsCheckersHaveTheirOwnDefaults) {
  const auto check_of = [](std::vector<std::string> settings) {
    settings.insert(settings.begin(), "vip.check={enabled=true}");
    return std::get<LvsTierConfig>(
               load_scenario(scenario("lvs-dr-nginx"), settings).site.tiers.front().device)
        .check;
  };
  const HealthCheckConfig tcp = check_of({});
  EXPECT_FALSE(tcp.sees_errors);
  EXPECT_EQ(tcp.rise, 1);
  EXPECT_EQ(tcp.retry_interval, seconds(1));
  EXPECT_FALSE(tcp.warmup);
  const HealthCheckConfig http = check_of({"vip.check.checker=http_get", "vip.check.warmup=0s"});
  EXPECT_TRUE(http.sees_errors && http.from_end);
  EXPECT_EQ(http.rise, 2);
  EXPECT_EQ(http.retry_interval, seconds(3));
  EXPECT_EQ(http.warmup, Duration{});
}

TEST(Scenarios, ReferenceNamesEveryKindOfTier) {
  const std::string reference = scenario_reference_markdown();
  for (const char* kind : {"bind", "lvs", "nginx", "haproxy", "servers"}) {
    EXPECT_THAT(reference, HasSubstr(std::string("`kind = \"") + kind + "\"`"));
  }
}

TEST(Scenarios, CommittedReferenceIsTheGeneratedOne) {
  const auto file =
      std::filesystem::path(LBSIM_SCENARIOS).parent_path() / "docs" / "scenario-reference.md";
  const std::string generated = scenario_reference_markdown();
  if (std::getenv("LBSIM_UPDATE_GOLDEN")) std::ofstream(file) << generated;
  std::ostringstream committed;
  committed << std::ifstream(file).rdbuf();
  EXPECT_TRUE(committed.str() == generated)
      << file << " is out of date: run this test with LBSIM_UPDATE_GOLDEN=1";
}

TEST(Scenarios, SchemaIsJsonThatKnowsTheTopLevelTables) {
  const auto schema = nlohmann::json::parse(scenario_schema());
  for (const char* field : {"format", "include", "name", "entry", "workload", "fault"}) {
    EXPECT_TRUE(schema.at("properties").contains(field)) << field;
  }
}

}  // namespace
}  // namespace lbsim::scenario
