#include "planning/page_mix.hpp"

#include <gtest/gtest.h>

#include "../site/sites.hpp"

namespace lbsim::planning {
namespace {

using namespace lbsim::testing;

TEST(PageMix, CountsADocumentAndTheAssetsThatAreNotCached) {
  SiteConfig site = plan({servers(1, 1)}, 1, 31, 60).site;
  site.workload.asset_cached = 0.7;
  const PageMix mix = page_mix(site);
  EXPECT_DOUBLE_EQ(mix.requests_per_page, 1 + 30 * 0.3);
  EXPECT_DOUBLE_EQ(mix.service_s, (0.010 + 9 * 0.002) / 10);
  EXPECT_DOUBLE_EQ(mix.response_bytes, (20000.0 + 9 * 15000) / 10);
}

TEST(PageMix, OpensAsManyConnectionsAsTheFirstPageOfASessionNeeds) {
  // Nine assets, none cached, and six connections at most: the first page opens six, later ones
  // none if they come in time. Four pages a session: goes on with probability 3/4; in time with 1 -
  // e^-(75/7).
  SiteConfig site = plan({servers(1, 1)}, 1, 10, 60).site;
  const double r = 0.75 * (1 - std::exp(-75.0 / 7.0));
  EXPECT_NEAR(page_mix(site).connections_per_request, 6 * (1 - r) / 10, 1e-12);
  // Never more than one request at a time: one connection.
  site.workload.assets = 0;
  EXPECT_NEAR(page_mix(site).connections_per_request, 1 - r, 1e-12);
  // A connection waits 7 s for the next of three pages in four, and 75 s after the last.
  EXPECT_NEAR(page_mix(site).open_connections_s, 0.75 * 7 + 0.25 * 75, 1e-9);
}

TEST(PageMix, OpensMoreConnectionsWhenALaterPageNeedsMore) {
  // One asset of two in the mean, A = 0, 1, 2 with 1/4, 1/2, 1/4, so a page needs M = 1 or 2
  // connections with 3/4 and 1/4. Two pages in the mean, r = 1/2 for a long keepalive:
  // E max = 1 + P(max = 2) = 1 + 1 - (3/4)(1/2) / (1 - 3/8) = 2 - 0.6 = 1.4.
  SiteConfig site = plan({servers(1, 1)}, 1, 3, 60).site;
  site.workload.asset_cached = 0.5;
  site.workload.pages_per_session = 2;
  std::get<ServerTierConfig>(site.tiers[0].device).client_keepalive = seconds(10'000);
  EXPECT_NEAR(page_mix(site).connections_per_request, 1.4 * 0.5 / 2, 1e-12);
}

TEST(BusiestMinute, LiesInTheBusiestSliceOfTheWindowOnly) {
  // 24 hours; 20:00 has four times the others' rate, 3:00 has twice. Mean: 27/24... of 1,1,..: 28.
  std::vector<double> hours(24, 1.0);
  hours[20] = 4;
  hours[3] = 2;
  const workload::RateCurve curve(hours, 3600);
  WorkloadConfig workload;
  workload.page_views_per_day = 86400.0 * 28;  // 24 + 3 + 1 = 28 weights: 24 a second per unit
  const BusiestMinute day = busiest_minute(workload, curve, {0, 86400});
  EXPECT_NEAR(day.pages_per_s, 4 * 24, 1e-9);
  EXPECT_EQ(day.start_s, 20 * 3600);
  EXPECT_NEAR(busiest_minute(workload, curve, {0, 18000}).pages_per_s, 2 * 24, 1e-9);
  // A window of which only the last 30 s are in the busy hour: half of each.
  const BusiestMinute edge = busiest_minute(workload, curve, {19 * 3600.0, 3630});
  EXPECT_NEAR(edge.pages_per_s, (1 + 4) / 2.0 * 24, 1e-9);
}

}  // namespace
}  // namespace lbsim::planning
