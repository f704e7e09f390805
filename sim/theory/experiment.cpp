#include "theory/experiment.hpp"

#include <cmath>

namespace lbsim::theory {
namespace {

constexpr Duration kTrip = picoseconds(1);  // one way, between any two machines

NicConfig no_limit() { return {.bytes_per_s = 0}; }

TierConfig names_tier() {
  DnsTierConfig dns;
  dns.ttl = seconds(7 * 86'400);
  dns.authority_latency = kTrip;
  dns.answer_cpu = {};
  return {.name = "dns", .next = "", .device = dns};
}

}  // namespace

Experiment experiment(std::vector<TierConfig> tiers, double requests_per_s, Distribution service) {
  Experiment e;
  e.requests_per_s = requests_per_s;
  e.site.name = "theory";
  WorkloadConfig& w = e.site.workload;
  w.page_views_per_day = requests_per_s * 86400;
  w.assets = 0;
  w.asset_cached = 1;
  w.document = {.service = std::move(service), .response_bytes = distribution_of(Law::fixed, 1)};
  w.asset = w.document;
  w.request_bytes = 1;
  w.connections = 1;
  w.pages_per_session = 1;
  w.deadline = seconds(100'000);
  e.site.network.lan_latency = kTrip;
  e.site.clients.push_back({.latency = kTrip, .resolvers = 1, .resolver_zipf = 0});
  e.site.dns = names_tier();
  for (std::size_t i = 0; i + 1 < tiers.size(); ++i) tiers[i].next = tiers[i + 1].name;
  e.site.dns.next = tiers.front().name;
  e.site.tiers = std::move(tiers);
  return e;
}

TierConfig server_tier(std::vector<ServerGroupConfig> groups) {
  ServerTierConfig servers;
  servers.groups = std::move(groups);
  servers.backlog = 1'000'000'000;
  servers.client_keepalive = kTrip;
  return {.name = "servers", .next = "", .device = servers};
}

ServerGroupConfig server_of(double speed, int cores, int weight) {
  ServerGroupConfig group;
  group.name = "servers";
  group.cores = cores;
  group.speed = speed;
  group.weight = weight;
  group.nic = no_limit();
  return group;
}

TierConfig balancer(const char* family, const char* method,
                    std::map<std::string, std::string> parameters) {
  ProxyTierConfig proxy;
  proxy.kind = ProxyKind::balancer;
  proxy.family = family;
  proxy.method = method;
  proxy.parameters = std::move(parameters);
  proxy.workers = 1;
  proxy.client_keepalive = kTrip;
  proxy.nic = no_limit();
  return {.name = "balancer", .next = "", .device = proxy};
}

TierConfig directors(LvsMode mode) {
  LvsTierConfig lvs;
  lvs.mode = mode;
  lvs.nic = no_limit();
  return {.name = "vip", .next = "", .device = lvs};
}

RunResult run_for(const Experiment& experiment, const Effort& effort, double length_s,
                  RequestWatch* watch) {
  RunPlan plan;
  plan.site = experiment.site;
  plan.window = {.start_s = 0, .length_s = length_s};
  plan.watch = watch;
  plan.progress = [&effort](const Progress&) { return !effort.stopped(); };
  plan.arrivals = [&] {
    return std::make_unique<PageArrivals>(plan.site.workload, experiment.curve, plan.window,
                                          plan.site.seed);
  };
  return run_site(plan);
}

RunResult run_sampled(const Experiment& experiment, const Effort& effort, Sample& sample) {
  sample.count_from(kTimeZero + from_seconds(effort.warm_up / experiment.requests_per_s));
  return run_for(experiment, effort, (effort.warm_up + effort.requests) / experiment.requests_per_s,
                 &sample);
}

Distribution service_law(const conform::Field& parameters, const char* name, double mean_s) {
  const conform::Field field = parameters.find(name);
  const std::string law = field.string_or("exponential");
  Distribution d = distribution_of(Law::exponential, mean_s);
  if (law.starts_with("exp")) return d;
  if (law.starts_with("det") || law == "constant") {
    d.law = Law::fixed;
    return d;
  }
  d.shape = positive_number(parameters, "scv", 1000);
  if (law.starts_with("ln") || law.starts_with("lognormal")) {
    d.law = Law::lognormal;
  } else if (law.starts_with("h2") || law.starts_with("hyperexponential")) {
    d.law = Law::hyperexponential;
    if (d.shape < 1) parameters.at("scv").fail("must be at least 1 with a hyperexponential law");
  } else if (law.starts_with("er") || law.starts_with("Erlang")) {
    d.law = Law::erlang;
    const double phases = 1 / d.shape;
    d.shape = std::round(phases);
    if (std::fabs(phases - d.shape) > 1e-6 * phases) {
      parameters.at("scv").fail("must be 1 / k with a whole k with an Erlang law");
    }
  } else {
    throw NotPossible("there is no service law \"" + law + "\"");
  }
  return d;
}

Answers quantities_of(const Entry& entry, const Sample& sample, const Effort& effort) {
  Answers answers;
  for (const Expected& expected : entry.expected) {
    if (const auto value = sample.quantity(expected.quantity, kSecond)) {
      answers[expected.quantity] = {.values = {*value}, .scale = effort.tolerance_scale()};
    }
  }
  return answers;
}

std::uint64_t seed_of(const Entry& entry) { return stream_seed(1, "theory/" + entry.id); }

}  // namespace lbsim::theory
