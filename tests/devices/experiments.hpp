// What tests of devices ask of a run: users at stated times, and its counts by name.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "../site/sites.hpp"

namespace lbsim::testing {

// One user at each of these times, in seconds, with one page.
class ListedArrivals final : public ArrivalSource {
 public:
  explicit ListedArrivals(std::vector<double> times_s) : times_s_(std::move(times_s)) {}
  bool next(Arrival& arrival) override {
    if (next_ == times_s_.size()) return false;
    arrival = Arrival{};
    arrival.at = kTimeZero + from_seconds(times_s_[next_]);
    arrival.seed = ++next_;
    return true;
  }

 private:
  std::vector<double> times_s_;
  std::size_t next_ = 0;
};

inline RunResult run_at(RunPlan plan, const std::vector<double>& times_s) {
  plan.arrivals = [&] { return std::make_unique<ListedArrivals>(times_s); };
  return run_site(plan);
}

// One request a page, one page a user, nothing but work and the network in its time: names cost no
// wait.
inline RunPlan bare_plan(std::vector<TierConfig> tiers, double pages_per_s, double length_s,
                         Distribution service, double response_bytes) {
  RunPlan p = plan(std::move(tiers), pages_per_s, 1, length_s);
  auto& dns = std::get<DnsTierConfig>(p.site.dns.device);
  dns.authority_latency = picoseconds(1);
  dns.answer_cpu = {};
  p.site.workload.pages_per_session = 1;
  p.site.workload.document.service = service;
  p.site.workload.document.response_bytes = {Law::fixed, response_bytes, 1, nullptr};
  return p;
}

inline Distribution always(double mean) { return {Law::fixed, mean, 1, nullptr}; }

// HAProxy in HTTP mode in front of the servers.
inline TierConfig haproxy_http(std::string method = "roundrobin") {
  TierConfig tier = nginx(1, std::move(method));
  auto& proxy = std::get<ProxyTierConfig>(tier.device);
  proxy.kind = ProxyKind::haproxy;
  proxy.zone = true;
  return tier;
}

inline ProxyTierConfig& proxy(RunPlan& plan, std::size_t tier) {
  return std::get<ProxyTierConfig>(plan.site.tiers[tier].device);
}
inline LvsTierConfig& director(RunPlan& plan) {
  return std::get<LvsTierConfig>(plan.site.tiers[0].device);
}

inline void add_fault(RunPlan& plan, double at_s, std::string node, FaultKind kind,
                      double factor = 1) {
  plan.site.faults.push_back({kTimeZero + from_seconds(at_s), std::move(node), kind, factor});
}

inline std::uint64_t generated(const RunResult& r) { return r.recorder.generated_count(); }
inline std::uint64_t count(const RunResult& r, RequestOutcome outcome) {
  return r.recorder.outcomes()[static_cast<std::size_t>(outcome)];
}
inline std::uint64_t not_ok(const RunResult& r) {
  return generated(r) - count(r, RequestOutcome::ok);
}
inline double longest_s(const RunResult& r) { return to_seconds(r.recorder.latency().max()); }

inline std::uint64_t picks(const RunResult& r, const std::string& pool) {
  for (const PoolStats& p : r.recorder.pools()) {
    if (p.name == pool) return std::accumulate(p.picks.begin(), p.picks.end(), std::uint64_t{0});
  }
  return 0;
}

// All nodes of a tier together.
inline NodeMinute total_of(const RunResult& r, const std::string& tier) {
  NodeMinute sum;
  for (const NodeStats& node : r.recorder.nodes()) {
    if (node.tier != tier) continue;
    sum.requests += node.total.requests;
    sum.bytes_in += node.total.bytes_in;
    sum.bytes_out += node.total.bytes_out;
    sum.work_s += node.total.work_s;
  }
  return sum;
}

// When `what` happened to `node` first, in seconds; -1 if it did not.
inline double event_s(const RunResult& r, const std::string& what, const std::string& node) {
  for (const Event& e : r.recorder.events()) {
    if (e.what == what && e.node == node) return to_seconds(e.at);
  }
  return -1;
}

}  // namespace lbsim::testing
