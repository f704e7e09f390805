// Limits, caches and TLS in request-level proxies, as users and servers notice them.
#include "devices/gate.hpp"

#include <cmath>
#include <vector>

#include "experiments.hpp"

namespace lbsim {
namespace {

using namespace lbsim::testing;
using algorithms::limits::LeakyBucketConfig;

constexpr double kClientS = 15e-3;

RunPlan quiet_gate(double service_s = 0.01, int cores = 4) {
  RunPlan p = bare_plan({nginx(1), servers(2, cores)}, 1, 20, always(service_s), 1000);
  ProxyTierConfig& c = proxy(p, 0);
  c.request_cpu = c.accept_cpu = c.connect_cpu = {};
  c.nic.bytes_per_s = 0;
  return p;
}

Layer7Config& gate(RunPlan& p) { return proxy(p, 0).layer7; }
const Layer7Stats& stats(const RunResult& r) { return r.recorder.layer7().front(); }
std::uint64_t limited(const RunResult& r) { return count(r, RequestOutcome::rate_limited); }

TEST(Gate, RejectsRequestsBeyondTheRateWith503) {
  RunPlan p = quiet_gate();
  gate(p).limits = {{"rate", {}, false, LeakyBucketConfig{.rate = 1000}, 0}};
  const RunResult r = run_at(p, {1, 1.5, 2.2, 2.4, 3.4});
  EXPECT_EQ(limited(r), 2u);  // at 1.5 and 2.4
  EXPECT_EQ(stats(r).limits[0].passed, 3u);
  EXPECT_EQ(stats(r).limits[0].rejected, 2u);
  EXPECT_EQ(r.recorder.attempts(), 3u);  // no server sees the others
}

TEST(Gate, HoldsABurstBackUnlessToldOtherwise) {
  RunPlan p = quiet_gate();
  const double alone_s = longest_s(run_at(p, {1}));
  gate(p).limits = {{"rate", {}, false, LeakyBucketConfig{.rate = 1000, .burst = 2}, 0}};
  const RunResult r = run_at(p, {1, 1, 1, 1});
  EXPECT_EQ(limited(r), 1u);
  EXPECT_EQ(stats(r).limits[0].delayed, 2u);
  EXPECT_NEAR(longest_s(r), alone_s + 2, 1e-3);
  gate(p).limits[0].requests->nodelay = true;
  EXPECT_NEAR(longest_s(run_at(p, {1, 1, 1, 1})), alone_s, 1e-3);
}

TEST(Gate, CountsAddressesApart) {
  RunPlan p = quiet_gate();
  gate(p).limits = {{"rate", {}, true, LeakyBucketConfig{.rate = 100}, 0}};
  EXPECT_EQ(limited(run_at(p, {1, 1.1, 1.2})), 0u);
}

TEST(Gate, TakesNoMoreRequestsAtOnceThanItMay) {
  RunPlan p = quiet_gate(1.0);
  gate(p).limits = {{"conn", {}, false, {}, 2}};
  const RunResult r = run_at(p, {1, 1.2, 1.4, 2.1, 2.3});
  EXPECT_EQ(limited(r), 1u);  // at 1.4; at 2.1 and 2.3 one has left
  EXPECT_EQ(stats(r).limits[0].rejected, 1u);
}

TEST(Gate, LetsThePlaceOfAUserWhoGaveUpGo) {
  RunPlan p = quiet_gate(5.0);
  p.site.workload.deadline = seconds(1);
  gate(p).limits = {{"conn", {}, false, {}, 1}};
  const RunResult r = run_at(p, {1, 1.5, 2.5});
  EXPECT_EQ(limited(r), 1u);  // at 1.5
  EXPECT_EQ(count(r, RequestOutcome::timeout), 2u);
}

TEST(Gate, LimitsNothingThatItsConditionsDoNotHoldOf) {
  RunPlan p = quiet_gate();
  gate(p).limits = {{"rate", {.networks = {"elsewhere"}}, false, LeakyBucketConfig{}, 0}};
  EXPECT_EQ(limited(run_at(p, {1, 1, 1})), 0u);
}

// Two tiers that look at requests: what the inner one turns away comes back through the outer.
TEST(Gate, TurnsAwayBehindAnotherProxyToo) {
  RunPlan p = quiet_gate(1.0);
  TierConfig outer = p.site.tiers[0];
  outer.name = "access";
  outer.next = "proxies";
  p.site.tiers.insert(p.site.tiers.begin(), outer);
  proxy(p, 0).layer7.limits = {{"outer", {}, false, {}, 2}};
  proxy(p, 1).layer7.limits = {{"inner", {}, false, {}, 1}};
  const RunResult r = run_at(p, {1, 1.2, 1.4, 2.5});
  EXPECT_EQ(limited(r), 2u);  // 1.2 by the inner one, which leaves; so 1.4 too
  EXPECT_EQ(r.recorder.layer7()[0].limits[0].rejected, 0u);
  EXPECT_EQ(r.recorder.layer7()[1].limits[0].rejected, 2u);
}

// The outer proxy counts a request no longer whose inner proxy found no server.
TEST(Gate, ForgetsWhatFailedBehindAnotherProxy) {
  RunPlan p = quiet_gate(1.0);
  TierConfig outer = p.site.tiers[0];
  outer.name = "access";
  outer.next = "proxies";
  p.site.tiers.insert(p.site.tiers.begin(), outer);
  proxy(p, 0).layer7.limits = {{"outer", {}, false, {}, 1}};
  for (const char* node : {"servers.1", "servers.2"}) add_fault(p, 0.5, node, FaultKind::stop);
  const RunResult r = run_at(p, {1, 3, 5});
  EXPECT_EQ(limited(r), 0u);
  EXPECT_EQ(count(r, RequestOutcome::no_server), 3u);
}

RunPlan cached_site(std::uint64_t bytes_max) {
  RunPlan p = quiet_gate(0.5);
  p.site.workload.content.classes = {
      {"page", true, 1, "www", "/", 1, 0, true, {}, {}}};  // one object
  gate(p).cache.emplace();
  gate(p).cache->keep.bytes_max = bytes_max;
  return p;
}

TEST(Gate, AnswersFromItsCacheWithoutAServer) {
  RunPlan p = cached_site(1'000'000);
  const RunResult r = run_at(p, {1, 2, 3});
  EXPECT_EQ(r.recorder.attempts(), 1u);
  EXPECT_EQ(stats(r).cache.hits, 2u);
  EXPECT_EQ(stats(r).cache.misses, 1u);
  EXPECT_NEAR(to_seconds(r.recorder.latency().max()), 4 * kClientS + 0.5, 1e-3);
  EXPECT_NEAR(r.recorder.latency().quantile_s(0.5), 4 * kClientS, 1e-3);
  EXPECT_EQ(total_of(r, "proxies").bytes_out, 3000u);
  EXPECT_EQ(total_of(r, "servers").bytes_out, 1000u);
}

TEST(Gate, FetchesAgainWhatIsTooOldTooLargeOrNotForAll) {
  RunPlan old = cached_site(1'000'000);
  gate(old).cache->keep.ttl = milliseconds(1500);
  EXPECT_EQ(run_at(old, {1, 2, 4}).recorder.attempts(), 2u);
  EXPECT_EQ(run_at(cached_site(999), {1, 2, 4}).recorder.attempts(), 3u);
  RunPlan for_one = cached_site(1'000'000);
  for_one.site.workload.content.classes[0].cacheable = false;
  EXPECT_EQ(run_at(for_one, {1, 2, 4}).recorder.attempts(), 3u);
}

// Users ask for one of 2,000 objects of 1,000 bytes each, of which the cache holds 200. Che's
// approximation (JSAC 2002) with its sums written out; 20,000 requests have a standard error of
// 0.0035, and the first 200 objects come into an empty cache.
TEST(Gate, HitsAsOftenAsTheorySays) {
  RunPlan p = bare_plan({nginx(1), servers(8, 4)}, 200, 100, always(0.002), 1000);
  p.site.workload.content.classes = {{"page", true, 1, "www", "/", 2000, 0.8, true, {}, {}}};
  gate(p).cache.emplace();
  gate(p).cache->keep.bytes_max = 200'000;
  std::vector<double> popularity(2000);
  double sum = 0;
  for (std::size_t k = 0; k < 2000; ++k) sum += popularity[k] = std::pow(k + 1.0, -0.8);
  double t = 1;  // in requests: sum of 1 - e^(-p t) is 200
  for (double step = 4096; step > 0.01; step /= 2) {
    double filled = 0;
    for (const double each : popularity) filled += 1 - std::exp(-each / sum * (t + step));
    if (filled < 200) t += step;
  }
  double expected = 0;
  for (const double each : popularity) expected += each / sum * (1 - std::exp(-each / sum * t));
  const RunResult r = run(p);
  EXPECT_NEAR(stats(r).cache.hit_ratio(), expected, 4 * 0.0035 + 0.01);
  EXPECT_GT(expected, 0.3);
}

TEST(Gate, ALockedCacheSendsOneOfManyWhoWantTheSame) {
  RunPlan p = cached_site(1'000'000);
  EXPECT_EQ(run_at(p, {1, 1.1, 1.2}).recorder.attempts(), 3u);
  gate(p).cache->keep.lock = true;
  const RunResult r = run_at(p, {1, 1.1, 1.2});
  EXPECT_EQ(r.recorder.attempts(), 1u);
  EXPECT_EQ(stats(r).cache.waited, 2u);
  // They look every 500 ms, and the second look finds it: it takes 0.5 s to make.
  EXPECT_NEAR(longest_s(r), 4 * kClientS + 0.5, 2e-3);
}

TEST(Gate, ServesAnOldPageRatherThanAnError) {
  RunPlan p = cached_site(1'000'000);
  gate(p).cache->keep.ttl = seconds(2);
  for (const char* node : {"servers.1", "servers.2"}) add_fault(p, 3, node, FaultKind::stop);
  EXPECT_EQ(not_ok(run_at(p, {1, 5})), 1u);
  gate(p).cache->stale_on_error = true;
  const RunResult r = run_at(p, {1, 5});
  EXPECT_EQ(not_ok(r), 0u);
  EXPECT_EQ(stats(r).cache.stale, 1u);
}

TEST(Gate, ResumesTheHandshakesOfWhoWasThereBefore) {
  RunPlan p = plan({nginx(2), servers(4, 4)}, 10, 6, 60);
  p.site.workload.pages_per_session = 1;
  gate(p).tls.emplace();
  gate(p).tls->full_cpu = milliseconds(1);
  // Six connections a visit, all to one machine: the first is new, the others know the ticket.
  const RunResult r = run(p);
  const double visits = static_cast<double>(r.recorder.pages_started());
  EXPECT_EQ(stats(r).handshakes_full, r.recorder.pages_started());
  EXPECT_GT(stats(r).handshakes_resumed, stats(r).handshakes_full);
  const double work_s = total_of(r, "proxies").work_s;
  gate(p).tls->full_cpu = {};
  EXPECT_NEAR(work_s - total_of(run(p), "proxies").work_s, visits * 1e-3, 1e-6);
  // Who returns knows one of two machines; with a shared key, either will do.
  gate(p).tls->returning = 1;
  const double own = static_cast<double>(stats(run(p)).handshakes_full);
  EXPECT_NEAR(own / visits, 0.5, 4 * 0.5 / std::sqrt(visits));
  gate(p).tls->tickets = TlsTickets::shared;
  EXPECT_EQ(stats(run(p)).handshakes_full, 0u);
  gate(p).tls->tickets = TlsTickets::none;
  EXPECT_EQ(stats(run(p)).handshakes_resumed, 0u);
}

TEST(Gate, WhoWaitsTooLongForASlotIsAnswered503) {
  RunPlan p = bare_plan({haproxy_http("leastconn"), servers(1, 4)}, 1, 20, always(1.0), 1);
  std::get<ServerTierConfig>(p.site.tiers[1].device).groups[0].maxconn = 1;
  proxy(p, 0).connect_timeout = seconds(5);
  EXPECT_EQ(not_ok(run_at(p, {1, 1.1})), 0u);
  proxy(p, 0).queue_timeout = milliseconds(500);
  EXPECT_EQ(count(run_at(p, {1, 1.1}), RequestOutcome::no_server), 1u);
}

}  // namespace
}  // namespace lbsim
