#include "validation/site_replay.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "site/run.hpp"
#include "validation/ordered_picks.hpp"
#include "validation/recorded_pool.hpp"
#include "workload/request_schedule.hpp"

namespace lbsim::validation {
namespace {

constexpr std::int64_t kPatienceS = 60;  // of a client, and of all timeouts

Duration from_us(double us) { return from_seconds(us * 1e-6); }

// The simulation begins with the wall clock's second in which the recording's t = 0 lies, so that
// whole seconds, in which nginx counts, are those of the recording.
Time date_of(const RecordedRun& run, double at_us) {
  return kTimeZero + from_us(static_cast<double>(run.second_phase_us) + at_us);
}

RequestSchedule schedule_of(const RecordedRun& run, const std::vector<double>& delays_us) {
  std::vector<Arrival> arrivals;
  for (std::size_t i = 0; i < run.requests.size(); ++i) {
    const RecordedRequest& request = run.requests[i];
    const double delay_us = delays_us.empty() ? 0 : delays_us[i];
    Arrival& arrival = arrivals.emplace_back();
    arrival.at = date_of(run, std::max(0.0, static_cast<double>(request.sent_us) + delay_us));
    arrival.from_log = true;
    arrival.client = request.client;
    arrival.number = static_cast<std::uint32_t>(i);
    arrival.work_s = static_cast<float>(static_cast<double>(request.service_us) * 1e-6);
  }
  return RequestSchedule(std::move(arrivals));
}

TierConfig servers_tier(const RecordedRun& run) {
  ServerTierConfig tier;
  tier.when_full = WhenFull::answer_503;
  tier.backlog = 1'000'000'000;
  for (const RecordedServer& server : run.servers) {
    ServerGroupConfig group;
    group.cores = server.slots;
    group.speed = server.speed;
    group.weight = server.weight;
    group.maxconn = server.maxconn;
    group.backlog = server.backlog;
    group.nic.bytes_per_s = 0;
    tier.groups.push_back(group);
  }
  return {"servers", "", tier};
}

// A checker's rhythm is its own: the mean distance of its answered checks, from the last one before
// the first fault, which is the one that decides when the fault is seen.
void set_check(const RecordedRun& run, HealthCheckConfig& check) {
  const RecordedChecks& checks = run.checks;
  if (checks.interval_us == 0) return;
  check.enabled = true;
  check.fall = checks.fall;
  check.rise = checks.rise;
  check.interval = check.timeout = microseconds(checks.interval_us);
  const std::int64_t fault_us = run.first_fault_us();
  double sum_us = 0;
  std::size_t count = 0;
  for (const auto& answered : checks.answered_us) {
    for (std::size_t i = 1; i < answered.size() && answered[i] < fault_us; ++i, ++count) {
      sum_us += static_cast<double>(answered[i] - answered[i - 1]);
    }
  }
  if (count == 0) return;
  const double interval_us = sum_us / static_cast<double>(count);
  check.interval = from_us(interval_us);
  for (const auto& answered : checks.answered_us) {
    const auto later = std::lower_bound(answered.begin(), answered.end(), fault_us);
    double last_us = later == answered.begin() ? 0 : static_cast<double>(*(later - 1));
    last_us += static_cast<double>(run.second_phase_us);
    while (last_us < 0) last_us += interval_us;
    check.first.push_back(from_us(last_us));
  }
}

TierConfig proxy_tier(const RecordedRun& run, const ReplayPlan& plan) {
  ProxyTierConfig proxy;
  proxy.kind = run.haproxy ? ProxyKind::haproxy : ProxyKind::nginx;
  proxy.workers = 1;
  proxy.method = run.algorithm;
  proxy.parameters = run.parameters;
  proxy.zone = true;
  proxy.keepalive = 1'000'000;
  proxy.notices_closed = true;
  proxy.connect_timeout = proxy.read_timeout = seconds(kPatienceS);
  proxy.queue_cpu = from_us(run.overhead.queue_us);
  proxy.max_fails = run.max_fails;
  proxy.fail_timeout = seconds(run.fail_timeout_s);
  proxy.nic.bytes_per_s = 0;
  set_check(run, proxy.check);
  if (plan.recorded_picks) {
    proxy.make_pool = [&run](const algorithms::PoolConfig&) { return make_recorded_pool(run); };
  } else {
    proxy.make_pool = [&run, seed = plan.seed](algorithms::PoolConfig pool) {
      pool.seed = seed.value_or(run.random_seed.value_or(1));
      return algorithm_of(run).make(pool);
    };
  }
  return {"balancer", "servers", proxy};
}

SiteConfig site_of(const RecordedRun& run, const ReplayPlan& plan) {
  SiteConfig site;
  site.name = run.name;
  site.workload.request_bytes = 1;
  site.workload.deadline = seconds(kPatienceS);
  site.network.lan_latency = from_us(run.overhead.server_us);
  ClientGroupConfig clients;
  clients.latency = from_us(run.overhead.client_us);
  clients.resolvers = 1;
  clients.kept_alive = true;
  site.clients.push_back(clients);
  DnsTierConfig dns;
  dns.ttl = seconds(1'000'000);
  dns.authority_latency = dns.answer_cpu = {};
  site.dns = {"dns", "balancer", dns};
  site.tiers = {proxy_tier(run, plan), servers_tier(run)};
  for (const RecordedFault& fault : run.faults) {
    site.faults.push_back({date_of(run, static_cast<double>(fault.at_us)),
                           "servers." + std::to_string(fault.server + 1),
                           fault.closed ? FaultKind::stop : FaultKind::repair, 1});
  }
  return site;
}

double length_s(const RecordedRun& run) {
  std::int64_t last_us = run.requests.back().sent_us;
  for (const RecordedFault& fault : run.faults) last_us = std::max(last_us, fault.at_us);
  return static_cast<double>(run.second_phase_us + last_us) * 1e-6 + 1;
}

}  // namespace

std::vector<RequestRecord> replay_site(const RecordedRun& run, const ReplayPlan& plan) {
  RunPlan site_plan;
  site_plan.site = site_of(run, plan);
  site_plan.window = {0, length_s(run)};
  site_plan.keep_requests = true;
  const RequestSchedule schedule = schedule_of(run, plan.delays_us);
  site_plan.arrivals = [&] { return schedule.arrivals(1, site_plan.window.length_s); };
  std::vector<RequestRecord> records = run_site(site_plan).recorder.requests();
  LBSIM_CHECK(records.size() == run.requests.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    // The jitter of the way moves the end as much as the begin.
    records[i].ended -= records[i].asked - date_of(run, double(run.requests[i].sent_us));
    records[i].asked = date_of(run, double(run.requests[i].sent_us));
  }
  return records;
}

}  // namespace lbsim::validation
