#include "validation/keepalived_trials.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "core/random.hpp"
#include "site/run.hpp"

namespace lbsim::validation {
namespace {

using Trial = std::map<std::string, double>;
using What = KeepalivedCase::What;

constexpr double kPingIntervalS = 0.02;
constexpr double kAnsweredWithinS = 0.5;  // a SYN that is lost is sent again after 1 s
constexpr int kServers = 3;

TierConfig directors_of(const KeepalivedCase& c) {
  LvsTierConfig lvs;
  lvs.nic.bytes_per_s = 0;
  lvs.directors = c.what == What::health ? 1 : 2;
  lvs.scheduler = c.scheduler;
  lvs.sync = c.sync;
  lvs.sloppy_tcp = c.sloppy_tcp;
  lvs.vrrp.version = c.version;
  lvs.vrrp.advert_interval = from_seconds(c.advert_int_s);
  lvs.vrrp.priorities = c.priorities;
  lvs.vrrp.preempt = c.what != What::no_return;
  if (c.what == What::health) {
    lvs.vrrp.priorities = {100};
    lvs.check.enabled = true;
    lvs.check.interval = from_seconds(c.delay_loop_s);
    lvs.check.timeout = from_seconds(c.connect_timeout_s);
    lvs.check.retry_interval = from_seconds(c.delay_before_retry_s);
    lvs.check.fall = c.retry + 1;
    lvs.check.rise = c.http ? 2 : 1;
    lvs.check.from_end = true;
    lvs.check.sees_errors = c.http;
  }
  return {"vip", "servers", lvs};
}

RunPlan plan_of(const KeepalivedCase& c, std::uint64_t seed) {
  RunPlan plan;
  SiteConfig& site = plan.site;
  site.name = "keepalived";
  site.seed = seed;
  WorkloadConfig& w = site.workload;
  w.request_bytes = 1;
  w.deadline = seconds(60);
  w.document.service = {Law::fixed, 0.001, 1, nullptr};
  w.document.response_bytes = {Law::fixed, 100, 1, nullptr};
  w.asset = w.document;
  w.asset_cached = 0;
  w.connections = 1;
  w.pages_per_session = 1;
  ClientGroupConfig clients;
  clients.latency = microseconds(50);
  clients.resolvers = 1;
  site.clients.push_back(clients);
  DnsTierConfig dns;
  dns.ttl = seconds(1'000'000);
  dns.authority_latency = dns.answer_cpu = {};
  site.dns = {"dns", "vip", dns};
  ServerTierConfig servers;
  ServerGroupConfig group;
  group.count = kServers;
  group.cores = 8;
  group.nic.bytes_per_s = 0;
  servers.groups.push_back(group);
  site.tiers = {directors_of(c), {"servers", "", servers}};
  return plan;
}

void add_fault(RunPlan& plan, double at_s, std::string node, FaultKind kind) {
  plan.site.faults.push_back({kTimeZero + from_seconds(at_s), std::move(node), kind, 1});
}

class ListedArrivals final : public ArrivalSource {
 public:
  explicit ListedArrivals(const std::vector<Arrival>& arrivals) : arrivals_(arrivals) {}
  bool next(Arrival& arrival) override {
    if (next_ == arrivals_.size()) return false;
    arrival = arrivals_[next_++];
    return true;
  }

 private:
  const std::vector<Arrival>& arrivals_;
  std::size_t next_ = 0;
};

RunResult run(RunPlan& plan, double length_s, const std::vector<Arrival>& arrivals) {
  plan.window = {0, length_s};
  plan.keep_requests = true;
  plan.arrivals = [&] { return std::make_unique<ListedArrivals>(arrivals); };
  return run_site(plan);
}

// From `from_s` to the first such event in [from_s, to_s).
void find(const RunResult& result, const std::string& what, const std::string& node, double from_s,
          double to_s, const std::string& name, Trial& trial) {
  for (const Event& event : result.recorder.events()) {
    const double at_s = to_seconds(event.at);
    if (at_s < from_s || at_s >= to_s || event.what != what || event.node != node) continue;
    trial[name] = at_s - from_s;
    return;
  }
}

constexpr const char* kTakes = "takes the virtual address";
constexpr const char* kDrops = "drops the virtual address";

std::vector<Arrival> pings(double from_s, double to_s) {
  std::vector<Arrival> all;
  for (std::uint32_t i = 0; from_s + i * kPingIntervalS < to_s; ++i) {
    Arrival& ping = all.emplace_back();
    ping.at = kTimeZero + from_seconds(from_s + i * kPingIntervalS);
    ping.from_log = true;
    ping.client = algorithms::Address::v4(0x0a000001);
    ping.number = i;
    ping.work_s = 0;
  }
  return all;
}

double longest_gap_s(const RunResult& result) {
  double longest = 0;
  const RequestRecord* last = nullptr;
  for (const RequestRecord& ping : result.recorder.requests()) {
    const bool in_time = to_seconds(ping.ended - ping.asked) < kAnsweredWithinS;
    if (ping.outcome != RequestOutcome::ok || !in_time) continue;
    if (last != nullptr) longest = std::max(longest, to_seconds(ping.asked - last->asked));
    last = &ping;
  }
  return longest;
}

struct Failure {
  FaultKind fails;
  FaultKind returns;
  bool comes_back;
};

Failure vrrp_failure(const std::string& name) {
  using enum FaultKind;
  if (name == "kill9_all") return {keepalived_kill, keepalived_start, true};
  if (name == "kill9_parent") return {keepalived_kill_parent, keepalived_start, false};
  if (name == "kill9_vrrp_child") return {keepalived_kill_vrrp, keepalived_start, false};
  if (name == "link_down") return {link_down, link_up, true};
  return {keepalived_stop, keepalived_start, true};
}

Trial vrrp_trial(const KeepalivedCase& c, std::uint64_t seed) {
  RunPlan plan = plan_of(c, seed);
  const double interval_s = c.advert_int_s;
  const double fails_s = 1 + interval_s;
  const double returns_s = fails_s + 4 * interval_s + 2;
  const double length_s = returns_s + 4 * interval_s + 2;
  const Failure failure = vrrp_failure(c.failure);
  add_fault(plan, fails_s, "vip.1", failure.fails);
  if (failure.comes_back) add_fault(plan, returns_s, "vip.1", failure.returns);
  Random random(seed, "pings");
  const double first_ping_s = fails_s - 0.1 + random.uniform() * kPingIntervalS;
  // After its VRRP process the master takes the address again: before that nobody pings.
  const double backup_s = fails_s + 3 * interval_s + (c.version == 2 ? 1 : interval_s);
  const RunResult result = run(plan, length_s, pings(first_ping_s, backup_s + 0.2));
  Trial trial;
  find(result, kTakes, "vip.2", fails_s, returns_s, "backup_has_vip_s", trial);
  find(result, kDrops, "vip.1", fails_s, returns_s, "master_lost_vip_s", trial);
  const bool both = trial.contains("backup_has_vip_s") && !trial.contains("master_lost_vip_s");
  trial["both_hold_vip_after"] = both ? 1 : 0;
  trial["client_outage_s"] = longest_gap_s(result);
  if (failure.comes_back) {
    find(result, kTakes, "vip.1", returns_s, length_s, "return_takes_vip_s", trial);
    find(result, kDrops, "vip.2", returns_s, length_s, "return_backup_drops_vip_s", trial);
  }
  return trial;
}

// Both start from nothing, then the first stops and returns.
Trial no_return_trial(const KeepalivedCase& c, std::uint64_t seed) {
  RunPlan plan = plan_of(c, seed);
  const double long_s = 4 * c.advert_int_s + 2;
  for (const char* node : {"vip.1", "vip.2"}) {
    add_fault(plan, 1, node, FaultKind::keepalived_stop);
    add_fault(plan, 2, node, FaultKind::keepalived_start);
  }
  add_fault(plan, 2 + long_s, "vip.1", FaultKind::keepalived_stop);
  add_fault(plan, 2 + 2 * long_s, "vip.1", FaultKind::keepalived_start);
  const RunResult result = run(plan, 2 + 4 * long_s, {});
  Trial trial;
  find(result, kTakes, "vip.1", 2, 2 + long_s, "first_start_s", trial);
  Trial again;
  find(result, kTakes, "vip.1", 2 + 2 * long_s, 2 + 4 * long_s, "takes", again);
  trial["still_on_backup"] = again.empty() ? 1 : 0;
  return trial;
}

Failure server_failure(const std::string& name) {
  using enum FaultKind;
  if (name == "refused") return {stop, repair, true};
  if (name == "vanished") return {link_down, link_up, true};
  return {errors, errors_end, true};
}

// It returns at any time of the checks that find it gone.
Trial health_trial(const KeepalivedCase& c, std::uint64_t seed) {
  RunPlan plan = plan_of(c, seed);
  const Failure failure = server_failure(c.failure);
  const double round_s = c.delay_loop_s + c.connect_timeout_s;
  const double fails_s = 2 * c.delay_loop_s;
  Random random(seed, "return");
  const double returns_s = fails_s + 2 * round_s + random.uniform() * round_s +
                           (c.retry + 1) * (c.connect_timeout_s + c.delay_before_retry_s);
  add_fault(plan, fails_s, "servers.1", failure.fails);
  add_fault(plan, returns_s, "servers.1", failure.returns);
  const double length_s = returns_s + 3 * round_s;
  const RunResult result = run(plan, length_s, {});
  Trial trial;
  find(result, "vip takes out", "servers.1", fails_s, returns_s, "removed_after_s", trial);
  find(result, "vip puts back", "servers.1", returns_s, length_s, "readded_after_s", trial);
  return trial;
}

// Whether a connection with so many requests answered before the failure answers the next.
bool survives(const KeepalivedCase& c, std::uint64_t seed, int exchanges) {
  RunPlan plan = plan_of(c, seed);
  plan.site.clients[0].latency = milliseconds(15);
  plan.site.workload.assets = 100;  // one after the other, over one connection
  // Connections before it, so that the first director does not pick as the second will.
  Random random(seed, "earlier connections");
  std::vector<Arrival> users(random.below(kServers) + 1);
  for (std::size_t i = 0; i < users.size(); ++i) users[i].seed = seed * 1000 + i;
  users.back().at = kTimeZero + seconds(10);
  // A handshake takes two trips, an exchange two, the work, and a trip of the LAN or two. Seven
  // milliseconds later the next request is on its way to the director.
  const double exchange_s = 0.031 + 2 * to_seconds(plan.site.network.lan_latency);
  const double fails_s = 10.030 + exchange_s * exchanges + 0.007;
  add_fault(plan, fails_s, "vip.1",
            c.failure == "stop" ? FaultKind::keepalived_stop : FaultKind::link_down);
  const RunResult result = run(plan, fails_s + 10, users);
  const auto& outcomes = result.recorder.outcomes();
  return outcomes[static_cast<std::size_t>(RequestOutcome::ok)] ==
         result.recorder.generated_count();
}

}  // namespace

std::map<std::string, double> keepalived_trial(const KeepalivedCase& c, std::uint64_t seed) {
  switch (c.what) {
    case What::vrrp:
      return vrrp_trial(c, seed);
    case What::no_return:
      return no_return_trial(c, seed);
    case What::health:
      return health_trial(c, seed);
    case What::survival:
      break;
  }
  Trial trial;
  for (const int exchanges : c.exchanges) {
    trial[survived_after(exchanges)] = survives(c, seed, exchanges) ? 1 : 0;
  }
  return trial;
}

}  // namespace lbsim::validation
