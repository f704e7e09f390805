#include "planning/verdict.hpp"

#include <fmt/format.h>

namespace lbsim {
namespace {

// Below this share of its busiest machine a site keeps nobody waiting for long.
constexpr double kQueuesFrom = 0.5;

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
    if (stats.kind == "haproxy" || stats.kind == "balancer") return tier + ".vrrp";
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
  if (b.kind == "bind") return b.tier + ".answer_cpu, " + b.tier + ".ttl";
  return b.tier + ".request_cpu, " + b.tier + ".workers, " + b.tier + ".count";
}

Verdict verdict_of(const RunResult& result) {
  const double p99 = result.recorder.latency().quantile_s(0.99);
  const double errors = error_share(result);
  const Bottleneck bottleneck = bottleneck_of(result);
  Verdict verdict;
  verdict.decides = deciding_fields(bottleneck);
  const bool saturated = bottleneck.utilization > 0.9;
  const bool idle = bottleneck.utilization < kQueuesFrom;
  const auto& events = result.recorder.events();
  const std::string busiest =
      fmt::format("{} {} at {:.0f} % in its busiest minute", bottleneck.node, bottleneck.resource,
                  bottleneck.utilization * 100);
  if (result.recorder.generated_count() == 0) {
    verdict.why = "no request was made: raise the page views or widen the window";
  } else if (errors > kSloErrorShare) {
    verdict.why = fmt::format("{:.2f} % of requests fail, mostly {}; {}", errors * 100,
                              largest_failure(result.recorder),
                              saturated || events.empty() ? busiest : after_text(events.front()));
    if (!saturated && !events.empty()) verdict.decides = fields_of_recovery(result);
  } else if (p99 > kSloP99S) {
    verdict.why = fmt::format("p99 {:.0f} ms > {:.0f} ms; {}", p99 * 1e3, kSloP99S * 1e3,
                              idle && !events.empty() ? after_text(events.front())
                              : idle                  ? "not for load, as " + busiest
                                                      : busiest);
    if (idle) verdict.decides = events.empty() ? kFieldsOfWay : fields_of_recovery(result);
  } else {
    verdict.holds = true;
    if (idle && !events.empty()) verdict.decides = fields_of_recovery(result);
    verdict.why =
        fmt::format("p99 {:.0f} ms <= {:.0f} ms, {:.3f} % fail <= {:.1f} %; busiest: {}", p99 * 1e3,
                    kSloP99S * 1e3, errors * 100, kSloErrorShare * 100, busiest);
  }
  return verdict;
}

}  // namespace lbsim
