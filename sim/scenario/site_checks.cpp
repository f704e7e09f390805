#include "scenario/site_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "algorithms/dns/order.hpp"
#include "algorithms/parameters.hpp"
#include "devices/records.hpp"

namespace lbsim::scenario {
namespace {

enum class Level { name, connection, request, server };

Level level_of(const TierConfig& tier) {
  if (std::holds_alternative<DnsTierConfig>(tier.device)) return Level::name;
  if (std::holds_alternative<LvsTierConfig>(tier.device)) return Level::connection;
  if (std::holds_alternative<ServerTierConfig>(tier.device)) return Level::server;
  const auto& proxy = std::get<ProxyTierConfig>(tier.device);
  return proxy.mode == ProxyMode::tcp ? Level::connection : Level::request;
}

bool has_virtual_address(const TierConfig& tier) {
  const auto* proxy = std::get_if<ProxyTierConfig>(&tier.device);
  return std::holds_alternative<LvsTierConfig>(tier.device) || (proxy && proxy->vrrp_enabled);
}

std::string unknown_tier_hint(const std::string& name, const Tiers& tiers) {
  std::vector<std::string> names;
  for (const auto& [known, tier] : tiers) names.push_back(known);
  const std::string near = nearest_word(name, names);
  if (!near.empty()) return fmt::format("did you mean \"{}\"?", near);
  return names.empty() ? "write a table such as [dns] with kind = \"bind\""
                       : "tiers are " + joined(names);
}

// From `entry` along `next`, as far as it goes.
bool walk(Reader& r, const std::string& entry, const Tiers& tiers, std::vector<TierConfig>& chain) {
  std::set<std::string> seen;
  std::string field = "entry";
  for (std::string name = entry; !name.empty(); name = chain.back().next) {
    const auto found = tiers.find(name);
    if (found == tiers.end()) {
      r.fail(field, fmt::format("no tier is called \"{}\"", name), unknown_tier_hint(name, tiers));
      return false;
    }
    if (!seen.insert(name).second) {
      r.fail(field,
             fmt::format("\"{}\" comes before this tier: requests would go in a circle", name),
             "name a tier behind it; the last tier's kind is \"servers\"");
      return false;
    }
    chain.push_back(found->second);
    field = name + ".next";
  }
  return true;
}

void check_unused(Reader& r, const std::vector<TierConfig>& chain, const Tiers& tiers) {
  for (const auto& [name, tier] : tiers) {
    const bool used = std::any_of(chain.begin(), chain.end(),
                                  [&known = name](const TierConfig& t) { return t.name == known; });
    if (!used) {
      r.fail(name, "no tier leads to this one", fmt::format("write next = \"{}\" in one", name));
    }
  }
}

const char* level_name(Level level) {
  switch (level) {
    case Level::name:
      return "names";
    case Level::connection:
      return "connections";
    case Level::request:
      return "requests";
    case Level::server:
      break;
  }
  return "nothing: it answers";
}

void check_order(Reader& r, const std::vector<TierConfig>& chain) {
  if (level_of(chain.front()) != Level::name) {
    return r.fail("entry", fmt::format("\"{}\" is no DNS tier", chain.front().name),
                  "the first tier's kind is \"bind\"");
  }
  for (std::size_t i = 1; i < chain.size(); ++i) {
    const std::string& name = chain[i].name;
    const Level level = level_of(chain[i]);
    if (level == Level::name) {
      r.fail(name + ".kind", "is a second DNS tier", "a site has one");
    } else if (level < level_of(chain[i - 1])) {
      r.fail(
          chain[i - 1].name + ".next",
          fmt::format("\"{}\" balances {}, and must come before \"{}\", which balances {}", name,
                      level_name(level), chain[i - 1].name, level_name(level_of(chain[i - 1]))),
          "the order is DNS, lvs or haproxy in tcp mode, nginx or haproxy in http mode, servers");
    }
    if (i > 1 && has_virtual_address(chain[i])) {
      r.fail(name,
             fmt::format("has one virtual address, and \"{}\" would see one machine",
                         chain[i - 1].name),
             "only the first tier behind DNS may share an address");
    }
  }
}

void check_depth(Reader& r, const std::vector<TierConfig>& chain, Level level, int most,
                 const std::string& what) {
  int count = 0;
  for (const TierConfig& tier : chain) {
    if (level_of(tier) == level && ++count == most + 1) {
      r.fail(tier.name, fmt::format("is tier {} that balances {}", count, what),
             fmt::format("at most {} follow one another", most));
    }
  }
}

std::string node_hint(const std::vector<TierConfig>& chain, const std::string& tier) {
  std::vector<std::string> names;
  for (const TierConfig& t : chain) names.push_back(t.name);
  const std::string near = nearest_word(tier, names);
  if (near.empty()) return "tiers are " + joined(names);
  const auto found =
      std::find_if(chain.begin(), chain.end(), [&](const TierConfig& t) { return t.name == near; });
  const std::int64_t machines = machines_of(*found);
  if (machines == 1) return fmt::format("\"{}\" has one machine, {}.1", near, near);
  return fmt::format("\"{0}\" has {1} machines, {0}.1 to {0}.{1}", near, machines);
}

bool is_node(const std::vector<TierConfig>& chain, const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return false;
  const std::string_view number = std::string_view(name).substr(dot + 1);
  std::int64_t node = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), node);
  const bool plain = error == std::errc{} && end == number.data() + number.size() &&
                     std::to_string(node) == number;
  if (!plain) return false;
  return std::any_of(chain.begin(), chain.end(), [&](const TierConfig& tier) {
    return tier.name == name.substr(0, dot) && node >= 1 && node <= machines_of(tier);
  });
}

void check_addresses(Reader& r, const TierConfig& first) {
  const std::int64_t addresses = has_virtual_address(first) ? 1 : machines_of(first);
  const auto most = static_cast<std::int64_t>(algorithms::dns::kAnswerRecordsMax);
  if (addresses > most) {
    r.fail(first.name, fmt::format("has {} machines, each with an address of its own", addresses),
           fmt::format("one DNS name carries at most {} here; put a balancer in front", most));
  }
}

// Bodies are routed from each server through each machine that it may pass.
void check_routes(Reader& r, const std::vector<TierConfig>& chain, std::size_t client_groups) {
  constexpr double kRoutesMax = 4e6;
  auto routes = static_cast<double>(client_groups);
  for (const TierConfig& tier : chain) {
    const auto* lvs = std::get_if<LvsTierConfig>(&tier.device);
    if (lvs && lvs->mode != LvsMode::nat) continue;
    routes *= static_cast<double>(machines_of(tier));
  }
  if (routes > kRoutesMax) {
    r.fail("",
           fmt::format("responses have {:.0f} ways: groups of clients times the machines of "
                       "each tier that they pass",
                       routes),
           fmt::format("at most {:.0f} are simulated: use fewer machines", kRoutesMax));
  }
}

// Each pool of a proxy keeps something for each machine behind.
void check_pools(Reader& r, const std::vector<TierConfig>& chain) {
  constexpr double kSeatsMax = 2e7;
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    const auto* proxy = std::get_if<ProxyTierConfig>(&chain[i].device);
    if (!proxy) continue;
    const double seats = static_cast<double>(proxy->count) * proxy->workers *
                         static_cast<double>(machines_of(chain[i + 1]));
    if (seats > kSeatsMax) {
      r.fail(chain[i].name, fmt::format("has {:.0f} pairs of a worker and a machine behind", seats),
             fmt::format("at most {:.0f} are simulated: use fewer machines or workers", kSeatsMax));
    }
  }
}

// Each machine behind has a priority, where there are any.
void check_priority_groups(Reader& r, const std::vector<TierConfig>& chain) {
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    const auto* proxy = std::get_if<ProxyTierConfig>(&chain[i].device);
    if (!proxy) continue;
    const auto given = proxy->parameters.find("priority_groups");
    if (given == proxy->parameters.end()) continue;
    const auto named = static_cast<std::int64_t>(algorithms::split_words(given->second).size());
    const std::int64_t machines = machines_of(chain[i + 1]);
    if (named == 0 || named == machines) continue;
    r.fail(chain[i].name + ".parameters.priority_groups", fmt::format("names {} priorities", named),
           fmt::format("one for each of the {} machines of \"{}\", in their order", machines,
                       chain[i + 1].name));
  }
}

void check_first_checks(Reader& r, const std::string& field, const HealthCheckConfig& check,
                        const TierConfig& behind) {
  const auto given = static_cast<std::int64_t>(check.first.size());
  const std::int64_t machines = machines_of(behind);
  if (given == 0 || given == machines) return;
  r.fail(field + ".first", fmt::format("names {} first checks", given),
         fmt::format("one for each of the {} machines of \"{}\", in their order", machines,
                     behind.name));
}

void check_first_checks(Reader& r, const TierConfig& dns, const std::vector<TierConfig>& chain) {
  const auto& names = std::get<DnsTierConfig>(dns.device);
  check_first_checks(r, dns.name + ".monitor", names.monitor, chain.front());
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    if (const auto* lvs = std::get_if<LvsTierConfig>(&chain[i].device)) {
      check_first_checks(r, chain[i].name + ".check", lvs->check, chain[i + 1]);
    } else if (const auto* proxy = std::get_if<ProxyTierConfig>(&chain[i].device)) {
      check_first_checks(r, chain[i].name + ".check", proxy->check, chain[i + 1]);
    }
  }
}

}  // namespace

std::int64_t machines_of(const TierConfig& tier) {
  if (const auto* lvs = std::get_if<LvsTierConfig>(&tier.device)) return lvs->directors;
  if (const auto* proxy = std::get_if<ProxyTierConfig>(&tier.device)) return proxy->count;
  const auto* servers = std::get_if<ServerTierConfig>(&tier.device);
  if (!servers) return 1;
  std::int64_t machines = 0;
  for (const ServerGroupConfig& group : servers->groups) machines += group.count;
  return machines;
}

std::vector<TierConfig> chain_of(Reader& r, const std::string& entry, const Tiers& tiers) {
  std::vector<TierConfig> chain;
  if (!walk(r, entry, tiers, chain)) return {};
  check_order(r, chain);
  if (r.ok()) check_unused(r, chain, tiers);  // else that may be why
  check_depth(r, chain, Level::connection, kHopsMax, "connections");
  check_depth(r, chain, Level::request, kLegsMax, "requests");
  if (!r.ok()) return {};
  return chain;
}

void check_faults(Reader& r, const std::vector<TierConfig>& chain,
                  const std::vector<FaultConfig>& faults) {
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const std::string& node = faults[i].node;
    const std::string field = fmt::format("fault.{}.node", i);
    const std::string tier = node.substr(0, node.rfind('.'));
    if (!is_node(chain, node)) {
      r.fail(field, fmt::format("no machine is called \"{}\"", node), node_hint(chain, tier));
      continue;
    }
    const TierConfig& hit = *std::find_if(chain.begin(), chain.end(),
                                          [&](const TierConfig& t) { return t.name == tier; });
    if (is_of_keepalived(faults[i].kind) && !has_virtual_address(hit)) {
      r.fail(field, fmt::format("\"{}\" has no virtual address, and so no keepalived", tier),
             "name a machine of an lvs tier, or of one with a vrrp table");
    } else if (faults[i].kind == FaultKind::errors && level_of(hit) != Level::server) {
      r.fail(field, fmt::format("\"{}\" passes on what servers answer", tier),
             "name a machine of the servers");
    }
  }
}

void check_sizes(Reader& r, const TierConfig& dns, const std::vector<TierConfig>& chain,
                 std::size_t client_groups) {
  check_addresses(r, chain.front());
  check_routes(r, chain, client_groups);
  check_pools(r, chain);
  check_priority_groups(r, chain);
  check_first_checks(r, dns, chain);
}

}  // namespace lbsim::scenario
