// Sites whose steady state is known: one queue, and a pool of unequal ones.
#pragma once

#include <cmath>
#include <cstdlib>
#include <string>

#include "../devices/experiments.hpp"
#include "planning/precision.hpp"

namespace lbsim::testing {

// Whether the long forms of tests are wanted: ./test --full.
inline bool is_full() {
  const char* full = std::getenv("LBSIM_FULL");
  return full != nullptr && std::string(full) == "1";
}

// Queues of Poisson arrivals and exponential service, each with its share of the requests.
struct KnownSite {
  RunPlan plan;
  struct Queue {
    double share, rate;  // of requests; at which sojourns end: mu - lambda
  };
  std::vector<Queue> queues;
  double network_s = 0;

  double mean_s() const {
    double sum = network_s;
    for (const Queue& q : queues) sum += q.share / q.rate;
    return sum;
  }
  // By bisection of sum of share x exp(-rate x t) = 1 - p.
  double quantile_s(double p) const {
    double low = 0;
    double high = 100;
    for (int i = 0; i < 200; ++i) {
      const double t = (low + high) / 2;
      double beyond = 0;
      for (const Queue& q : queues) beyond += q.share * exact_exp(-q.rate * t);
      (beyond > 1 - p ? low : high) = t;
    }
    return low + network_s;
  }
  double truth(const planning::Measure& measure) const {
    return measure.kind == planning::Measure::Kind::mean ? mean_s() : quantile_s(measure.q);
  }
};

inline ServerTierConfig& endless(TierConfig& tier) {
  auto& servers = std::get<ServerTierConfig>(tier.device);
  servers.backlog = 1'000'000;
  return servers;
}

inline constexpr double kSteadyServiceS = 0.010;

// At `load` of one server; handshake, request and response take 1 us a trip.
inline KnownSite one_queue(double load, double length_s) {
  TierConfig tier = servers(1, 1);
  endless(tier);
  const Distribution service{Law::exponential, kSteadyServiceS, 1, nullptr};
  KnownSite site{bare_plan({tier}, load / kSteadyServiceS, length_s, service, 1), {}, 4e-6};
  site.plan.site.clients[0].latency = microseconds(1);
  site.queues = {{1, (1 - load) / kSteadyServiceS}};
  return site;
}

// nginx picks at random by weights 3 and 1 servers of speeds 2 and 1, so that each gets a Poisson
// stream: at 100 requests/s 75 and 25 for rates of 200 and 100 (loads 0.375 and 0.25).
inline KnownSite weighted_pool(double length_s) {
  TierConfig tier = servers(1, 1, 2.0, 3);
  endless(tier).groups.push_back({"slow", 1, 1, 1.0, 1, {}, {}});
  TierConfig balancer = nginx(1, "random");
  std::get<ProxyTierConfig>(balancer.device).request_cpu = picoseconds(1);
  const Distribution service{Law::exponential, kSteadyServiceS, 1, nullptr};
  KnownSite site{bare_plan({balancer, tier}, 100, length_s, service, 1), {}, 6e-6};
  site.plan.site.clients[0].latency = microseconds(1);
  site.plan.site.network.lan_latency = microseconds(1);
  site.queues = {{0.75, 200 - 75}, {0.25, 100 - 25}};
  return site;
}

}  // namespace lbsim::testing
