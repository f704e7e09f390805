#include "planning/verdict.hpp"

#include <fmt/format.h>

namespace lbsim {
namespace {

// Below this share of its busiest machine a site keeps nobody waiting for long.
constexpr double kQueuesFrom = 0.5;
// Above it, it is overloaded, whatever else happened.
constexpr double kSaturatedFrom = 0.9;

// What a request takes where it waits for nothing.
constexpr auto kFieldsOfWay = "clients.latency, dns.ttl, workload service times";

std::string largest_failure(const Recorder& recorder) {
  std::size_t worst = 1;
  for (std::size_t i = 1; i < kOutcomes; ++i) {
    if (recorder.outcomes()[i] > recorder.outcomes()[worst]) worst = i;
  }
  return std::string(kOutcomeNames[worst]);
}

std::string after_text(const Event& event) {
  return fmt::format("after {} {} at {:.0f} s", event.node, event.what, to_seconds(event.at));
}

// How long the site is without what failed, and what is lost meanwhile.
std::string fields_of_recovery(const RunResult& result) {
  const std::string& node = result.recorder.events().front().node;
  const std::string tier = node.substr(0, node.rfind('.'));
  for (const NodeStats& stats : result.recorder.nodes()) {
    if (stats.tier != tier) continue;
    if (stats.kind == "lvs") return tier + ".vrrp, " + tier + ".sync";
    if (stats.kind == "haproxy" || stats.kind == "balancer" || stats.kind == "hardware")
      return tier + ".vrrp";
  }
  return "the checks of the tier in front of " + tier + ", its connect_timeout and read_timeout";
}

// The scenario field that limits the connections of a machine of this kind.
std::string connections_field(const std::string& kind) {
  if (kind == "nginx") return ".worker_connections x workers";
  return kind == "haproxy" || kind == "balancer" ? ".maxconn" : ".connections_max";
}

}  // namespace

std::string deciding_fields(const Bottleneck& b) {
  if (b.resource == "connections") return b.tier + connections_field(b.kind);
  if (b.resource == "nic_in" || b.resource == "nic_out") {
    if (b.kind == "link") return "network.uplink, workload response sizes";
    return b.tier + ".nic, workload response sizes";
  }
  if (b.kind == "server") return b.tier + ".groups (count, cores, speed), workload service times";
  if (b.kind == "lvs") return b.tier + ".packet_cpu, " + b.tier + ".cores";
  if (b.kind == "hardware") return b.tier + ".requests_per_s, " + b.tier + ".connections_per_s";
  if (b.kind == "bind") return b.tier + ".answer_cpu, " + b.tier + ".ttl";
  return b.tier + ".request_cpu, " + b.tier + ".workers, " + b.tier + ".count";
}

namespace {

Finding finding_of(const RunResult& result, const Verdict& verdict) {
  if (result.recorder.generated_count() == 0) return Finding::no_requests;
  if (verdict.error_share > kSloErrorShare) return Finding::too_many_fail;
  return verdict.p99_s > kSloP99S ? Finding::too_slow : Finding::holds;
}

Cause cause_of(const RunResult& result, const Verdict& verdict) {
  const bool happened = !result.recorder.events().empty();
  const double busy = verdict.busiest.utilization;
  if (verdict.finding == Finding::too_many_fail) {
    return happened && busy <= kSaturatedFrom ? Cause::event : Cause::load;
  }
  if (verdict.finding == Finding::no_requests || busy >= kQueuesFrom) return Cause::load;
  if (happened) return Cause::event;
  return verdict.finding == Finding::too_slow ? Cause::way : Cause::load;
}

std::string why_text(const RunResult& result, const Verdict& v) {
  const std::string busiest = fmt::format("{} {} at {:.0f} % in its busiest minute", v.busiest.node,
                                          v.busiest.resource, v.busiest.utilization * 100);
  const std::string because = v.cause == Cause::load ? busiest
                              : v.cause == Cause::event
                                  ? after_text(result.recorder.events().front())
                                  : "not for load, as " + busiest;
  switch (v.finding) {
    case Finding::no_requests:
      return "no request was made: raise the page views or widen the window";
    case Finding::too_many_fail:
      return fmt::format("{:.2f} % of requests fail, mostly {}; {}", v.error_share * 100,
                         v.largest_failure, because);
    case Finding::too_slow:
      return fmt::format("p99 {:.0f} ms > {:.0f} ms; {}", v.p99_s * 1e3, kSloP99S * 1e3, because);
    case Finding::holds:
      break;
  }
  return fmt::format("p99 {:.0f} ms <= {:.0f} ms, {:.3f} % fail <= {:.1f} %; busiest: {}",
                     v.p99_s * 1e3, kSloP99S * 1e3, v.error_share * 100, kSloErrorShare * 100,
                     busiest);
}

}  // namespace

Verdict verdict_of(const RunResult& result) {
  Verdict verdict;
  verdict.p99_s = result.recorder.latency().quantile_s(0.99);
  verdict.error_share = error_share(result);
  verdict.largest_failure = largest_failure(result.recorder);
  verdict.busiest = bottleneck_of(result);
  verdict.finding = finding_of(result, verdict);
  verdict.cause = cause_of(result, verdict);
  verdict.why = why_text(result, verdict);
  verdict.decides = verdict.cause == Cause::event ? fields_of_recovery(result)
                    : verdict.cause == Cause::way ? kFieldsOfWay
                                                  : deciding_fields(verdict.busiest);
  return verdict;
}

}  // namespace lbsim
