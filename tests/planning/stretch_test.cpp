#include "planning/stretch.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "scenario/site_checks.hpp"

namespace lbsim::planning {
namespace {

// Two servers and 24 hourly rates, `peak_hour` three times as busy as the others.
std::shared_ptr<const scenario::LoadedScenario> site_of(int peak_hour, const char* page_views,
                                                        const char* more = "") {
  std::string curve;
  for (int hour = 0; hour < 24; ++hour) {
    curve += std::string(hour == 0 ? "" : ", ") + (hour == peak_hour ? "3" : "1");
  }
  const std::string text = R"(format = 1
name = "site"
entry = "dns"
[workload]
page_views = ")" + std::string(page_views) +
                           "\"\nday_curve = [" + curve + R"(]
window = "day"
page = { assets = 0 }
document = { service = "exponential 1ms", response = "fixed 100B" }
asset = { service = "fixed 1ms", response = "fixed 100B" }
session = { pages = 1, think = "1s" }
[[clients]]
name = "all"
latency = "1us"
resolvers = 1
[network]
lan_latency = "1us"
[dns]
kind = "bind"
next = "servers"
ttl = "24h"
authority_latency = "1us"
answer_cpu = "0us"
[servers]
kind = "servers"
client_keepalive = "60s"
[[servers.groups]]
count = 2
cores = 8
)" + more;
  return std::make_shared<const scenario::LoadedScenario>(
      scenario::load_scenario_text(text, "site.toml"));
}

constexpr double kHourS = 3600;
constexpr double kWarmUpS = 75;  // the keep-alive and 15 s

TEST(Stretch, IsTheBusiestMinuteAfterAWarmUp) {
  const auto loaded = site_of(21, "1B");  // 33,000 requests/s
  const auto all = stretches_of(*loaded, seconds(300));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].warm_up_s, kWarmUpS);
  EXPECT_EQ(all[0].window.start_s, 21 * kHourS - kWarmUpS);
  EXPECT_EQ(all[0].window.length_s, kWarmUpS + 60);
  EXPECT_EQ(all[0].text, "the busiest minute, 21:00:00-21:01:00");
}

TEST(Stretch, OfFewRequestsIsLongerButNotThanItsRateLasts) {
  // 8.64M views are 100/s in the mean: 24 / 26 x 3 of that in the busiest hour.
  const auto some = stretches_of(*site_of(21, "8640000"), seconds(300));
  const double rate = 100 * 24 / 26.0 * 3;
  EXPECT_NEAR(some[0].window.length_s - kWarmUpS, kSampleRequests / rate, 10);
  EXPECT_EQ(some[0].text, "370 s at the highest rate, 21:00:00-21:06:10");
  const auto few = stretches_of(*site_of(21, "100000"), seconds(300));
  EXPECT_EQ(few[0].window.length_s - kWarmUpS, kHourS);
}

TEST(Stretch, AtMidnightHasItsWarmUpOnTheDayBefore) {
  const auto loaded = site_of(0, "1B");
  const Stretch peak = stretches_of(*loaded, seconds(300))[0];
  EXPECT_EQ(peak.warm_up_s, kWarmUpS);
  EXPECT_EQ(peak.window.start_s, 24 * kHourS - kWarmUpS);
  EXPECT_EQ(peak.text, "the busiest minute, 00:00:00-00:01:00");
  // Users come at hour 23's rate, then at hour 0's, three times that.
  const RunPlan plan = stretch_plan(loaded, peak, 1, KernelKind::native);
  const auto source = plan.arrivals();
  double before = 0;
  double after = 0;
  for (Arrival arrival; source->next(arrival);) {
    ++(to_seconds(arrival.at) < kWarmUpS ? before : after);
  }
  const double rate = 1e9 / 86400 * 24 / 26;
  EXPECT_NEAR(before / kWarmUpS, rate, 5 * std::sqrt(rate / kWarmUpS));
  EXPECT_NEAR(after / 60, 3 * rate, 5 * std::sqrt(3 * rate / 60));
}

std::vector<double> fault_dates(const RunPlan& plan) {
  std::vector<double> dates;
  for (const FaultConfig& fault : plan.site.faults) {
    dates.push_back(to_seconds(fault.at) - plan.window.start_s);
  }
  return dates;
}

constexpr const char* kEarlyFault = R"([[fault]]
at = "00:00:10"
node = "servers.1"
kind = "crash"
)";

TEST(Stretch, OfAFaultJustAfterMidnightIsWarmedUpToo) {
  const auto loaded = site_of(12, "1B", kEarlyFault);
  const auto all = stretches_of(*loaded, seconds(300));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].warm_up_s, kWarmUpS);
  EXPECT_EQ(all[1].window.length_s, kWarmUpS + 300);
  const RunPlan plan = stretch_plan(loaded, all[1], 1, KernelKind::native);
  EXPECT_EQ(fault_dates(plan), std::vector<double>{kWarmUpS});
}

TEST(Stretch, BeginsWithWhatFailedBefore) {
  const auto loaded = site_of(12, "1B", kEarlyFault);
  const Stretch peak = stretches_of(*loaded, seconds(300))[0];
  EXPECT_EQ(fault_dates(stretch_plan(loaded, peak, 1, KernelKind::native)), std::vector<double>{0});
}

}  // namespace
}  // namespace lbsim::planning
