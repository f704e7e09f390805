// Small sites for tests, built without a file.
#pragma once

#include <string>

#include "site/run.hpp"

namespace lbsim::testing {

inline TierConfig servers(int count, int cores, double speed = 1.0, int weight = 1) {
  ServerTierConfig tier;
  tier.groups = {{"all", count, cores, speed, weight, {}, {}}};
  return {"servers", "", tier};
}

inline TierConfig nginx(int count, std::string method = "round_robin") {
  ProxyTierConfig tier;
  tier.count = count;
  tier.workers = 2;
  tier.method = std::move(method);
  tier.request_cpu = picoseconds(18'400'000);
  tier.connect_timeout = seconds(2);
  return {"proxies", "servers", tier};
}

inline TierConfig lvs(std::string scheduler = "wlc", LvsMode mode = LvsMode::dr) {
  LvsTierConfig tier;
  tier.mode = mode;
  tier.scheduler = std::move(scheduler);
  tier.packet_cpu = microseconds(1);
  return {"vip", "proxies", tier};
}

inline TierConfig haproxy_tcp(std::string method = "leastconn") {
  ProxyTierConfig tier;
  tier.kind = ProxyKind::haproxy;
  tier.mode = ProxyMode::tcp;
  tier.count = 2;
  tier.workers = 2;
  tier.zone = true;
  tier.method = std::move(method);
  tier.request_cpu = picoseconds(18'400'000);
  tier.vrrp_enabled = true;
  return {"vip", "proxies", tier};
}

// Pages of `per_page` requests at `pages_per_s` for `length_s`, flat.
inline RunPlan plan(std::vector<TierConfig> tiers, double pages_per_s, int per_page,
                    double length_s) {
  RunPlan plan;
  plan.site.name = "test";
  plan.site.dns = {"dns", tiers.front().name, DnsTierConfig{}};
  plan.site.tiers = std::move(tiers);
  plan.site.clients = {ClientGroupConfig{}};
  WorkloadConfig& w = plan.site.workload;
  w.page_views_per_day = pages_per_s * 86400;
  w.assets = per_page - 1;
  w.asset_cached = 0;
  w.document.service = {Law::exponential, 0.010, 1, nullptr};
  w.document.response_bytes = {Law::fixed, 20000, 1, nullptr};
  w.asset.service = {Law::exponential, 0.002, 1, nullptr};
  w.asset.response_bytes = {Law::fixed, 15000, 1, nullptr};
  plan.window = {0, length_s};
  return plan;
}

inline RunResult run(RunPlan plan) {
  const workload::RateCurve curve({1.0}, 86400);
  plan.arrivals = [&] {
    return std::make_unique<PageArrivals>(plan.site.workload, curve, plan.window, plan.site.seed);
  };
  return run_site(plan);
}

}  // namespace lbsim::testing
