#include "planning/stage_loads.hpp"

#include <algorithm>
#include <cmath>

#include "core/alias_table.hpp"
#include "core/math.hpp"
#include "topology/network.hpp"

namespace lbsim::planning {
namespace {

using topology::kUnlimited;

void add_load(Machine& machine, std::string resource, double used, double available,
              std::string input) {
  if (!(used > 0) || !(available > 0)) return;
  machine.loads.push_back(
      {std::move(resource), used / available, available / used, std::move(input)});
}

// Messages as small as a request do not occupy the cards of proxies; directors and servers count
// them.
void add_card(Machine& machine, const NicConfig& nic, double bytes_in, double bytes_out,
              const std::string& input) {
  add_load(machine, "nic_in", bytes_in, nic.bytes_per_s, input);
  add_load(machine, "nic_out", bytes_out, nic.bytes_per_s, input);
  machine.response_bytes_per_s = nic.bytes_per_s;
}

// The machines of a tier that share `one`'s description; behind one address only one is active.
void add_machines(Stage& stage, const Machine& one, int count, bool one_address) {
  for (int i = 0; i < count; ++i) {
    Machine machine = one;
    machine.name = stage.tier + '.' + std::to_string(stage.machines.size() + 1);
    machine.standby = one_address && i > 0;
    stage.machines.push_back(std::move(machine));
  }
}

// Share of requests to servers that find a connection open: one of the `keepalive` that a worker
// keeps, if it was used in the last 60 s (nginx upstream keepalive_timeout). With more servers than
// kept connections a pick finds its server among them as often as by chance.
double reused_share(const ProxyTierConfig& proxy, int members, double requests_per_s) {
  if (proxy.keepalive == 0 || members == 0) return 0;
  const int active = proxy.vrrp_enabled ? 1 : proxy.count;
  const double per_connection =
      requests_per_s / (static_cast<double>(active) * proxy.workers * members);
  const double in_time = 1 - exact_exp(-60.0 * per_connection);
  return std::min(1.0, static_cast<double>(proxy.keepalive) / members) * in_time;
}

struct Part {  // of a proxy's CPU time per request
  const char* input;
  double cpu_s;
};

std::vector<Part> parts_of(const Demand& demand, const ProxyTierConfig& proxy, int members,
                           bool leading) {
  const bool http = proxy.mode == ProxyMode::http;
  const double arrivals = leading ? demand.mix.connections_per_request : 0;
  const double connects =
      http ? 1 - reused_share(proxy, members, demand.requests_per_s()) : arrivals;
  return {{"request_cpu", to_seconds(proxy.request_cpu)},
          {"kilobyte_cpu", to_seconds(proxy.kilobyte_cpu) * 1e-3 * demand.mix.response_bytes},
          {"accept_cpu", to_seconds(proxy.accept_cpu) * arrivals},
          {"connect_cpu", to_seconds(proxy.connect_cpu) * connects}};
}

// What decides how much CPU there is, in the scenario's words.
std::string cpu_input(const ProxyTierConfig& proxy, const Part& dearest) {
  if (proxy.kind == ProxyKind::hardware) {
    const bool requests = std::string_view(dearest.input) == "request_cpu";
    return requests ? "requests_per_s" : "connections_per_s";
  }
  return dearest.input +
         std::string(proxy.kind == ProxyKind::haproxy ? " x threads" : " x workers");
}

std::string connections_input(const ProxyTierConfig& proxy) {
  if (proxy.kind == ProxyKind::nginx) return "worker_connections x workers";
  return proxy.kind == ProxyKind::hardware ? "connections_max" : "maxconn";
}

}  // namespace

// Resolvers count in whole seconds: an answer that arrived in second n may be given to the end of
// second n + ttl. After that the first session, w later, makes the resolver ask, and d later it has
// the answer (at the instant, if it does not count in seconds); so it asks once in ttl + 1 +
// floor(w + d) seconds. With w exponential of rate r, and d = n + f with f < 1, the mean of the
// floor is n + e^(r f) / (e^r - 1).
double lookups_per_s(const SiteConfig& site, const PageMix& mix, double pages_per_s) {
  const auto& dns = std::get<DnsTierConfig>(site.dns.device);
  const double asking_s = 2 * to_seconds(dns.authority_latency) + to_seconds(dns.answer_cpu);
  const double whole_s = std::floor(asking_s);
  const double kept_s = std::floor(to_seconds(dns.ttl)) + 1 + whole_s;
  const bool exact = dns.resolver == ResolverKind::exact;
  double shares = 0;
  for (const ClientGroupConfig& group : site.clients) shares += group.share;
  double sum = 0;
  for (const ClientGroupConfig& group : site.clients) {
    const std::vector<double> weights = zipf_weights(group.resolvers, group.resolver_zipf);
    double total = 0;
    for (const double weight : weights) total += weight;
    const double sessions_per_s = pages_per_s * mix.sessions_per_page * group.share / shares;
    for (const double weight : weights) {
      const double rate = sessions_per_s * weight / total;
      if (!(rate > 0)) continue;
      const double idle_s = exact_exp(-rate * (1 - asking_s + whole_s)) / (1 - exact_exp(-rate));
      sum += exact ? 1 / (to_seconds(dns.ttl) + asking_s + 1 / rate) : 1 / (kept_s + idle_s);
    }
  }
  return sum;
}

Stage names_stage(const Demand& demand) {
  Stage stage{demand.site.dns.name, "dns", Spread::equal, "", false, "", {}};
  Machine machine;
  machine.name = stage.tier + ".1";
  const double cpu_s = to_seconds(std::get<DnsTierConfig>(demand.site.dns.device).answer_cpu);
  const auto busy = [&](double pages_per_s) {
    return cpu_s * lookups_per_s(demand.site, demand.mix, pages_per_s);
  };
  // Caches flatten the load, so what fills the server is searched for.
  double most = std::max(demand.pages_per_s, 1.0);
  while (busy(most) < 1 && most < 1e15) most *= 2;
  double least = 0;
  for (int i = 0; i < 100 && busy(most) >= 1; ++i) {
    const double middle = (least + most) / 2;
    (busy(middle) < 1 ? least : most) = middle;
  }
  const double full = busy(most) < 1 ? kUnlimited : most * demand.mix.requests_per_page;
  const double rate = demand.requests_per_s();
  if (cpu_s > 0 && rate > 0) {
    machine.loads = {{"cpu", busy(demand.pages_per_s) / rate, full, stage.tier + ".answer_cpu"}};
  }
  stage.machines.push_back(std::move(machine));
  return stage;
}

Stage uplink_stage(const Demand& demand) {
  Stage stage{"uplink", "uplink", Spread::equal, "", true, "", {}};
  Machine machine;
  machine.name = "uplink";
  const double bytes_per_s = demand.site.network.uplink_bytes_per_s;
  add_load(machine, "nic_out", demand.mix.response_bytes, bytes_per_s, "network.uplink");
  add_load(machine, "nic_in", demand.mix.request_bytes, bytes_per_s, "network.uplink");
  machine.response_bytes_per_s = bytes_per_s;
  stage.machines.push_back(std::move(machine));
  return stage;
}

// Packets as a director handles them: requests and the clients' ACKs in, one for every second
// segment of the response (RFC 1122, 4.2.3.2); a handshake's SYN and ACK; with NAT all answers,
// too.
Stage directors_stage(const Demand& demand, const TierConfig& tier) {
  const auto& lvs = std::get<LvsTierConfig>(tier.device);
  const bool nat = lvs.mode == LvsMode::nat;
  const PageMix& mix = demand.mix;
  const double mss = demand.site.network.segment_bytes;
  const double response = mix.response_segments;
  const double packets = mix.request_bytes / mss + 1 + response / 2 + (nat ? response : 0) +
                         (nat ? 3 : 2) * mix.connections_per_request;
  Stage stage{tier.name, "lvs", Spread::equal, tier.name + ".vrrp", nat, tier.name + ".vrrp", {}};
  Machine machine;
  add_load(machine, "cpu", packets * to_seconds(lvs.packet_cpu), lvs.cores,
           tier.name + ".packet_cpu x cores");
  // What a card takes in it gives out again; of two, each has requests one way, responses the
  // other.
  const double bytes = mix.request_bytes + (nat ? mix.response_bytes : 0);
  const bool apart = nat && lvs.arms == 2;
  add_card(machine, lvs.nic, apart ? mix.request_bytes : bytes, apart ? mix.response_bytes : bytes,
           tier.name + ".nic");
  // Entries outlive their connections by the FIN timeout.
  const double entries =
      mix.open_connections_s + mix.connections_per_request * to_seconds(lvs.fin_timeout);
  add_load(machine, "connections", entries, lvs.connections_max, tier.name + ".connections_max");
  add_machines(stage, machine, lvs.directors, true);
  return stage;
}

Stage proxies_stage(const Demand& demand, const TierConfig& tier, int members, bool leading) {
  const auto& proxy = std::get<ProxyTierConfig>(tier.device);
  Stage stage{tier.name, proxy.kind_name(), Spread::equal, "", true, "", {}};
  const std::vector<Part> parts = parts_of(demand, proxy, members, leading);
  double cpu_s = 0;
  for (const Part& part : parts) cpu_s += part.cpu_s;
  const Part& dearest = *std::max_element(
      parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.cpu_s < b.cpu_s; });
  Machine machine;
  add_load(machine, "cpu", cpu_s, proxy.workers, tier.name + '.' + cpu_input(proxy, dearest));
  const double bytes = demand.mix.response_bytes;
  add_card(machine, proxy.nic, bytes, bytes, tier.name + ".nic");
  if (leading) {
    add_load(machine, "connections", demand.mix.open_connections_s, proxy.connections_max,
             tier.name + '.' + connections_input(proxy));
  }
  add_machines(stage, machine, proxy.count, proxy.vrrp_enabled);
  return stage;
}

Stage servers_stage(const Demand& demand, const TierConfig& tier) {
  const auto& servers = std::get<ServerTierConfig>(tier.device);
  Stage stage{tier.name, "server", Spread::equal, "", true, "", {}};
  for (std::size_t g = 0; g < servers.groups.size(); ++g) {
    const ServerGroupConfig& group = servers.groups[g];
    const std::string path = tier.name + ".groups." + std::to_string(g);
    Machine machine;
    machine.group = group.name;
    machine.weight = group.weight;
    const bool by_workers = servers.workers > 0;
    const double slots = by_workers ? servers.workers : static_cast<double>(group.cores);
    add_load(machine, "cpu", demand.mix.service_s, slots * group.speed,
             by_workers ? tier.name + ".workers x speed" : path + ".cores");
    add_card(machine, group.nic, demand.mix.request_bytes, demand.mix.response_bytes,
             path + ".nic");
    add_machines(stage, machine, group.count, false);
  }
  return stage;
}

}  // namespace lbsim::planning
