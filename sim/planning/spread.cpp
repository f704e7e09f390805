#include "planning/spread.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "topology/network.hpp"

namespace lbsim::planning {
namespace {

struct Rule {
  std::string_view family;
  std::string_view method;
  Spread spread;
};

// Methods that do not spread by weight in the long run. Those that count connections at connection
// level (IPVS wlc, HAProxy in TCP mode) do: connections outlive the work on them, so their counts
// say little of a machine's load.
constexpr std::array<Rule, 21> kRules = {{
    {"ipvs", "rr", Spread::equal},
    {"ipvs", "lc", Spread::equal},
    {"ipvs", "dh", Spread::equal},
    {"ipvs", "fo", Spread::first_only},
    {"nginx", "least_conn", Spread::load_aware},
    {"nginx", "random_two_least_conn", Spread::load_aware},
    {"nginx", "least_time", Spread::load_aware},
    {"nginx", "random_two_least_time", Spread::load_aware},
    {"apache", "bybusyness", Spread::load_aware},
    {"apache", "heartbeat", Spread::load_aware},
    {"apache", "Busyness", Spread::load_aware},
    {"f5", "least_connections", Spread::load_aware},
    {"f5", "weighted_least_connections", Spread::load_aware},
    {"f5", "fastest", Spread::load_aware},
    {"modern", "power_of_d", Spread::load_aware},
    {"modern", "least_request", Spread::load_aware},
    {"modern", "p2c_ewma", Spread::load_aware},
    {"modern", "jiq", Spread::load_aware},
    {"modern", "prequal", Spread::load_aware},
    {"haproxy", "leastconn", Spread::load_aware},
    {"haproxy", "random", Spread::load_aware},
}};

Spread spread_of(std::string_view family, std::string_view method) {
  for (const Rule& rule : kRules) {
    if (rule.family == family && rule.method == method) return rule.spread;
  }
  return Spread::by_weight;
}

Front of_proxies(const TierConfig& tier, const ProxyTierConfig& proxy) {
  const std::string family = proxy.method_family();
  const bool nginx = family == "nginx";
  Front front;
  front.spread = spread_of(family, proxy.method);
  front.spread_by = tier.name + ".method " + proxy.method;
  const bool fills_first = family == "haproxy" && proxy.method == "first";
  if (fills_first) {
    front.spread = proxy.member_connections_max > 0 ? Spread::load_aware : Spread::first_only;
  }
  if (proxy.mode == ProxyMode::tcp && front.spread == Spread::load_aware && !fills_first) {
    front.spread = Spread::by_weight;
  }
  if (proxy.check.enabled) {
    front.watched_by = tier.name + ".check";
  } else if (nginx && proxy.max_fails > 0) {
    front.watched_by = tier.name + ".max_fails";
  }
  return front;
}

std::vector<double> base_shares(const Stage& stage) {
  std::vector<double> shares(stage.machines.size(), 0);
  std::size_t first = stage.machines.size();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const Machine& machine = stage.machines[i];
    if (machine.failed || machine.standby) continue;
    shares[i] = stage.spread == Spread::equal ? 1 : machine.weight;
    if (first == shares.size() || machine.weight > stage.machines[first].weight) first = i;
  }
  if (stage.spread == Spread::first_only && first < shares.size()) {
    std::fill(shares.begin(), shares.end(), 0);
    shares[first] = 1;
  }
  double sum = 0;
  for (const double share : shares) sum += share;
  for (double& share : shares) share = sum > 0 ? share / sum : 0;
  return shares;
}

// Everybody at the same utilisation: all there is left when together they have no room.
void fill_alike(const Stage& stage, double room, std::vector<double>& shares) {
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] > 0) shares[i] = capacity_per_s(stage.machines[i]) / room;
  }
}

// Load past a machine's capacity goes to the others, by weight, as long as they have room.
void give_up_excess(const Stage& stage, double requests_per_s, std::vector<double>& shares) {
  double room = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] > 0) room += capacity_per_s(stage.machines[i]);
  }
  if (room <= requests_per_s) return fill_alike(stage, room, shares);
  const std::vector<double> base = shares;
  std::vector<bool> full(shares.size(), false);
  bool found = true;
  while (found) {
    double left = 1;  // for machines that are not full
    double weights = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (full[i]) left -= shares[i];
      if (!full[i]) weights += base[i];
    }
    found = false;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (full[i] || base[i] == 0) continue;
      const double most = capacity_per_s(stage.machines[i]) / requests_per_s;
      shares[i] = std::min(left * base[i] / weights, most);
      if (shares[i] == most) full[i] = found = true;
    }
  }
}

}  // namespace

Front front_of(const TierConfig& front) {
  if (const auto* dns = std::get_if<DnsTierConfig>(&front.device)) {
    return {Spread::equal, front.name, dns->monitor.enabled ? front.name + ".monitor" : ""};
  }
  if (const auto* lvs = std::get_if<LvsTierConfig>(&front.device)) {
    return {spread_of("ipvs", lvs->scheduler), front.name + ".scheduler " + lvs->scheduler,
            lvs->check.enabled ? front.name + ".check" : ""};
  }
  return of_proxies(front, std::get<ProxyTierConfig>(front.device));
}

std::vector<double> shares_of(const Stage& stage, double requests_per_s) {
  std::vector<double> shares = base_shares(stage);
  if (stage.spread == Spread::load_aware && requests_per_s > 0) {
    give_up_excess(stage, requests_per_s, shares);
  }
  return shares;
}

}  // namespace lbsim::planning
