#include "workload/page_arrivals.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "site/run.hpp"

namespace lbsim {
namespace {

WorkloadConfig workload(double page_views_per_day) {
  WorkloadConfig w;
  w.page_views_per_day = page_views_per_day;
  w.pages_per_session = 1;  // each arrival is a page
  return w;
}

std::vector<double> counts(PageArrivals arrivals, double slice_s, std::size_t slices) {
  std::vector<double> all(slices, 0.0);
  Arrival arrival;
  Time last{};
  while (arrivals.next(arrival)) {
    EXPECT_GE(arrival.at, last);
    last = arrival.at;
    all.at(static_cast<std::size_t>(to_seconds(arrival.at) / slice_s)) += 1;
  }
  return all;
}

struct Moments {
  double mean;
  double variance;
};
Moments moments(const std::vector<double>& values) {
  double sum = 0;
  double squares = 0;
  for (const double v : values) sum += v;
  const double mean = sum / static_cast<double>(values.size());
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {mean, squares / static_cast<double>(values.size() - 1)};
}

TEST(PageArrivals, FollowTheCurveHourByHour) {
  std::vector<double> hours;
  for (int h = 0; h < 24; ++h) hours.push_back(1 + 0.9 * std::sin(h * 3.14159265 / 12));
  const workload::RateCurve curve(hours, 3600);
  const WorkloadConfig w = workload(240'000);
  const auto seen = counts(PageArrivals(w, curve, {0, 86400}, 5), 3600, 24);
  double chi_square = 0;  // of independent Poisson counts with these means: 24 degrees of freedom
  for (std::size_t h = 0; h < 24; ++h) {
    const double expected = 240'000.0 / 86400 * 3600 * curve.rates()[h];
    chi_square += (seen[h] - expected) * (seen[h] - expected) / expected;
  }
  EXPECT_LT(chi_square, 51.2);  // exceeded once in a thousand
  EXPECT_GT(chi_square, 8.1);   // and this undercut: too good to be random
}

TEST(PageArrivals, OfAWindowArePartOfTheDay) {
  const workload::RateCurve curve({1, 3}, 43200);
  const WorkloadConfig w = workload(200'000);
  const PageArrivals evening(w, curve, {43200, 3600}, 1);
  EXPECT_NEAR(evening.page_views(), 200'000 * 0.75 / 12, 1e-6);
}

TEST(PageArrivals, ArePoissonByDefault) {
  const workload::RateCurve curve({1}, 86400);
  const WorkloadConfig w = workload(50'000 * 24);
  const auto minutes = counts(PageArrivals(w, curve, {0, 86400}, 3), 60, 1440);
  const Moments m = moments(minutes);
  // The index of dispersion of n Poisson counts has a standard error of sqrt(2 / (n - 1)).
  EXPECT_NEAR(m.variance / m.mean, 1, 4 * std::sqrt(2.0 / 1439));
  EXPECT_NEAR(m.mean, 50'000.0 / 60, 4 * std::sqrt(50'000.0 / 60 / 1440));
}

TEST(PageArrivals, InStepComeAtEqualDistances) {
  const workload::RateCurve curve({1}, 86400);
  WorkloadConfig w = workload(86'400 * 4);
  w.pages_per_session = 1;
  w.arrivals = ArrivalLaw::even;
  PageArrivals arrivals(w, curve, {0, 60}, 3);
  Arrival arrival;
  for (int i = 1; i < 240; ++i) {
    ASSERT_TRUE(arrivals.next(arrival));
    EXPECT_NEAR(to_seconds(arrival.at), i * 0.25, 1e-9);
  }
}

TEST(PageArrivals, InStepFollowTheCurve) {
  const workload::RateCurve curve({1, 3}, 1800);
  WorkloadConfig w = workload(86'400);
  w.pages_per_session = 1;
  w.arrivals = ArrivalLaw::even;
  const auto halves = counts(PageArrivals(w, curve, {0, 3600}, 3), 1800, 2);
  EXPECT_NEAR(halves[0], 900, 1);
  EXPECT_NEAR(halves[1], 2700, 1);
}

TEST(PageArrivals, ReachTheBurstIndexThatIsAskedFor) {
  const workload::RateCurve curve({1}, 86400);
  for (const double index : {4.0, 40.0}) {
    WorkloadConfig w = workload(50'000 * 24);
    w.burst_index = index;
    double sum = 0;
    double squares = 0;
    constexpr int kDays = 20;
    for (std::uint64_t day = 0; day < kDays; ++day) {
      const Moments m = moments(counts(PageArrivals(w, curve, {0, 86400}, day), 60, 1440));
      EXPECT_NEAR(m.mean, 50'000.0 / 60, 5 * std::sqrt(index * m.mean / 1440));
      sum += m.variance / m.mean;
      squares += m.variance / m.mean * m.variance / m.mean;
    }
    const double mean = sum / kDays;
    const double standard_error = std::sqrt((squares / kDays - mean * mean) / (kDays - 1));
    EXPECT_NEAR(mean, index, 4 * standard_error);
    EXPECT_LT(standard_error, 0.05 * index);
  }
}

TEST(PageArrivals, DependOnTheSeedAndOnNothingElse) {
  const workload::RateCurve curve({1}, 86400);
  const WorkloadConfig w = workload(240'000);
  const auto once = counts(PageArrivals(w, curve, {0, 3600}, 5), 1, 3600);
  EXPECT_EQ(once, counts(PageArrivals(w, curve, {0, 3600}, 5), 1, 3600));
  EXPECT_NE(once, counts(PageArrivals(w, curve, {0, 3600}, 6), 1, 3600));
}

// Pages as the site sees them, sessions with their think times played by the clients of a run.
RunPlan site_plan(std::vector<TierConfig> tiers, double pages_per_session, double length_s) {
  RunPlan plan;
  plan.site.dns = {"dns", tiers.front().name, DnsTierConfig{}};
  plan.site.tiers = std::move(tiers);
  plan.site.clients = {ClientGroupConfig{}};
  WorkloadConfig& w = plan.site.workload;
  w.page_views_per_day = 100 * 86400;
  w.assets = 0;
  w.pages_per_session = pages_per_session;
  w.document.service = {Law::fixed, 0.001, 1, nullptr};
  w.document.response_bytes = {Law::fixed, 1000, 1, nullptr};
  plan.window = {0, length_s};
  return plan;
}

RunResult run(RunPlan plan) {
  static const workload::RateCurve curve({1.0}, 86400);
  plan.arrivals = [&] {
    return std::make_unique<PageArrivals>(plan.site.workload, curve, plan.window, plan.site.seed);
  };
  return run_site(plan);
}

TierConfig servers() {
  ServerTierConfig tier;
  tier.groups = {{"all", 4, 8, 1.0, 1, {}, {}}};
  return {"servers", "", tier};
}

TierConfig proxies() { return {"proxies", "servers", ProxyTierConfig{}}; }

TierConfig vip(bool lvs) {
  if (lvs) return {"vip", "proxies", LvsTierConfig{}};
  ProxyTierConfig tier;
  tier.kind = ProxyKind::haproxy;
  tier.mode = ProxyMode::tcp;
  tier.method = "leastconn";
  tier.zone = true;
  return {"vip", "proxies", tier};
}

TEST(PageArrivals, KeepTheMeanFromTheFirstMinuteOnWithSessionsUnderWay) {
  // Sessions of 10 pages and 7 s of thought: without those under way, the first minute would have
  // about two thirds of its pages, as the mean session lasts a minute.
  const RunResult r = run(site_plan({servers()}, 10, 600));
  const auto& minutes = r.recorder.nodes();
  std::vector<double> pages(10, 0.0);
  for (const NodeStats& node : minutes) {
    if (node.tier != "servers") continue;
    for (std::size_t m = 0; m < 10; ++m)
      pages[m] += static_cast<double>(node.minutes.at(m).requests);
  }
  // Pages of a session cluster: the variance of a minute's count is at most pages_per_session times
  // Poisson's, times two for the geometric number.
  for (const double count : pages) EXPECT_NEAR(count, 6000, 4 * std::sqrt(6000 * 20.0));
  EXPECT_GT(pages[0], 0.9 * 6000);
}

TEST(PageArrivals, AreTheSameInAllTopologies) {
  const std::vector<std::vector<TierConfig>> topologies = {{servers()},
                                                           {proxies(), servers()},
                                                           {vip(false), proxies(), servers()},
                                                           {vip(true), proxies(), servers()}};
  std::vector<std::uint64_t> users;
  std::vector<double> pages;
  for (const auto& tiers : topologies) {
    users.push_back(run(site_plan(tiers, 1, 60)).recorder.pages_started());
    pages.push_back(static_cast<double>(run(site_plan(tiers, 4, 60)).recorder.pages_started()));
  }
  for (std::size_t i = 1; i < topologies.size(); ++i) {
    EXPECT_EQ(users[i], users[0]);
    // A slower site starts fewer second pages before the window ends: those of some milliseconds.
    EXPECT_NEAR(pages[i], pages[0], 10);
  }
}

}  // namespace
}  // namespace lbsim
