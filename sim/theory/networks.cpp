// TCP's round trips, what a balancer's cards let through, and a link with a queue.
#include <fmt/format.h>

#include <cmath>

#include "devices/transport.hpp"
#include "planning/check.hpp"
#include "theory/experiment.hpp"

namespace lbsim::theory {
namespace {

// The latency of a single request in a run.
class OneRequest final : public RequestWatch {
 public:
  void at_server(std::uint32_t, std::uint32_t, Time, bool, double) override {}
  void served(std::uint32_t, Time) override {}
  void ended(std::uint32_t, RequestOutcome outcome, Time asked, Time now) override {
    if (outcome == RequestOutcome::ok) latency_s_ = to_seconds(now - asked);
  }
  double latency_s() const { return latency_s_; }

 private:
  double latency_s_ = std::nan("");
};

// Of the experiment's only request, which comes after a second.
double latency_of_one(Experiment e, const Effort& effort) {
  e.requests_per_s = 1;
  e.site.workload.page_views_per_day = 86400;
  e.site.workload.arrivals = ArrivalLaw::even;
  OneRequest watch;
  run_for(e, effort, 1.5, &watch);
  return watch.latency_s();
}

std::uint32_t segments_of(double bytes, int segment_bytes) {
  return static_cast<std::uint32_t>(std::ceil(bytes / segment_bytes));
}

double capacity_of(const Experiment& e) {
  return planning::check_site(e.site, e.curve, {.start_s = 0, .length_s = 60}).requests.per_s;
}

struct Farm {
  double balancer_bytes_per_s = 0;
  double server_bytes_per_s = 0;  // 0: no limit
  double request_bytes = 0;
  double response_bytes = 0;
  int servers = 1;
};

// Requests per second that an LVS site takes; cards alone limit it.
double capacity_of(const Farm& farm, LvsMode mode, int arms) {
  TierConfig vip = directors(mode);
  auto& lvs = std::get<LvsTierConfig>(vip.device);
  lvs.nic.bytes_per_s = farm.balancer_bytes_per_s;
  lvs.arms = arms;
  ServerGroupConfig group = server_of(1);
  group.count = farm.servers;
  group.nic.bytes_per_s = farm.server_bytes_per_s;
  Experiment e = experiment({vip, server_tier({group})}, 1, distribution_of(Law::fixed, 0));
  e.site.workload.request_bytes = farm.request_bytes;
  e.site.workload.document.response_bytes = distribution_of(Law::fixed, farm.response_bytes);
  return capacity_of(e);
}

struct Line {
  double bytes_per_s = 0;
  Distribution bytes;
  double rho = 0;

  double requests_per_s() const { return rho * bytes_per_s / bytes.mean; }
};

// Responses that leave through the servers' card, which they share.
Experiment shared_line(const Line& line) {
  ServerGroupConfig group = server_of(1);
  group.nic.bytes_per_s = line.bytes_per_s;
  Experiment e =
      experiment({server_tier({group})}, line.requests_per_s(), distribution_of(Law::fixed, 0));
  e.site.workload.document.response_bytes = line.bytes;
  return e;
}

// A balancer whose only work is by the kilobyte, at the rate of the line, one response after the
// other.
Experiment serial_line(const Line& line) {
  TierConfig tier = balancer("nginx", "round_robin");
  std::get<ProxyTierConfig>(tier.device).kilobyte_cpu = from_seconds(1000 / line.bytes_per_s);
  Experiment e = experiment({tier, server_tier({server_of(1)})}, line.requests_per_s(),
                            distribution_of(Law::fixed, 0));
  e.site.workload.document.response_bytes = line.bytes;
  return e;
}

// The time of a response alone on the line, from one so many times as large: a run counts whole
// picoseconds. Trips are long enough for the kernel to tell the line's rate well from the flow's
// own limit, and taken off again; the window holds all of it, so there is no slow start.
double transfer_s(const Line& line, double times, const Effort& effort) {
  constexpr Duration kLongTrip = microseconds(1);
  Line quiet = line;
  quiet.bytes = distribution_of(Law::fixed, line.bytes.mean * times);
  Experiment e = shared_line(quiet);
  e.site.network.segment_bytes = 65'000;
  e.site.network.initial_window = 4096;
  e.site.clients[0].latency = kLongTrip;
  std::get<DnsTierConfig>(e.site.dns.device).authority_latency = {};
  return (latency_of_one(e, effort) - to_seconds(4 * kLongTrip)) / times;
}

Answers line_answers(const Line& line, const Entry& entry, const Effort& effort) {
  Answers answers;
  Experiment serial = serial_line(line);
  serial.site.seed = seed_of(entry);
  Sample queued;
  run_sampled(serial, effort, queued);
  answers["mean_wait"] = {
      .values = {queued.before().mean_s() - line.bytes.mean / line.bytes_per_s},
      .scale = effort.tolerance_scale(),
      .note = "the line is a balancer that works 8 / bps seconds a byte, in turn"};
  Experiment shared = shared_line(line);
  shared.site.seed = seed_of(entry);
  Sample sharing;
  run_sampled(shared, effort, sharing);
  answers["mean_sojourn_if_fair_shared"] = {.values = {sharing.sojourns().mean_s()},
                                            .scale = effort.tolerance_scale(),
                                            .note = "the line is the servers' card"};
  const double times = std::max(1.0, std::floor(2e8 / line.bytes.mean));
  answers["mean_transfer"] = found(transfer_s(line, times, effort));
  answers["mean_transfer"].note =
      fmt::format("of one response {} times as large, alone: a run counts picoseconds", times);
  return answers;
}

}  // namespace

Work prepare_slow_start(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  const double bytes = whole_number(p, "bytes", 1, 2'000'000'000);
  const int window = whole_number(p, "initial_window_segments", 1, 4096);
  const int mss = whole_number(p, "mss", 1, 65'000);
  const double rtt_s = positive_number(p, "rtt_s", 1000);
  const int tls = whole_number(p, "tls_round_trips", 0, 1000);
  return [=](const Effort& effort) {
    const std::uint32_t segments = segments_of(bytes, mss);
    Experiment e = experiment({server_tier({server_of(1)})}, 1, distribution_of(Law::fixed, 0));
    NetworkConfig& network = e.site.network;
    network.segment_bytes = mss;
    network.initial_window = window;
    network.tls_round_trips = tls;
    e.site.clients[0].latency = from_seconds(rtt_s / 2);
    auto& dns = std::get<DnsTierConfig>(e.site.dns.device);
    dns.authority_latency = {};
    e.site.workload.document.response_bytes = distribution_of(Law::fixed, bytes);
    // The kernel lets a flow have at most this rate: SimGrid's window of 4 MiB.
    const double serialised_s = bytes * rtt_s / kernel::kTcpGamma;
    Answers answers;
    answers["segments"] = found(segments);
    answers["data_round_trips"] =
        found(1 + slow_start_rounds(segments, static_cast<std::uint32_t>(window)));
    answers["time_to_last_byte"] = found(latency_of_one(e, effort) - serialised_s);
    answers["time_to_last_byte"].note =
        "of one request, less the body's time at TCP's largest window, which the entry leaves out";
    return answers;
  };
}

Work prepare_nat_and_dr(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  Farm farm;
  farm.balancer_bytes_per_s = positive_number(p, "balancer_bps", 1e15) / 8;
  farm.server_bytes_per_s = positive_number(p, "server_bps", 1e15) / 8;
  farm.request_bytes = positive_number(p, "request_bytes", 1e9);
  farm.response_bytes = positive_number(p, "response_bytes", 1e9);
  farm.servers = whole_number(p, "servers", 1, 10'000);
  return [farm](const Effort&) {
    Farm balancer_alone = farm;
    balancer_alone.server_bytes_per_s = 0;
    const double nat = capacity_of(balancer_alone, LvsMode::nat, 1);
    const double dr = capacity_of(farm, LvsMode::dr, 1);
    Answers answers;
    answers["nat_one_arm_limit"] = found(nat);
    answers["nat_two_arm_limit"] = found(capacity_of(balancer_alone, LvsMode::nat, 2));
    answers["dr_balancer_limit"] = found(capacity_of(balancer_alone, LvsMode::dr, 1));
    answers["dr_limit"] = found(dr);
    answers["dr_over_nat"] = found(dr / nat);
    for (auto& [quantity, found] : answers) found.note = "the capacity that `lbsim check` finds";
    return answers;
  };
}

Work prepare_line(const Entry& entry) {
  const conform::Field& p = entry.parameters;
  Line line;
  line.bytes_per_s = positive_number(p, "bps", 1e15) / 8;
  line.bytes = service_law(p, "sizes", positive_number(p, "mean_bytes", 1e9));
  line.rho = positive_number(p, "rho", 0.999);
  return [line, &entry](const Effort& effort) { return line_answers(line, entry, effort); };
}

}  // namespace lbsim::theory
