#include "scenario/site_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenario/fault_reader.hpp"
#include "scenario/layer7_reader.hpp"
#include "scenario/site_checks.hpp"
#include "scenario/tier_readers.hpp"

namespace lbsim::scenario {
namespace {

// Names become parts of node names, file names and JSON.
bool is_tier_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

void read_tiers(Reader& r, Tiers& tiers, bool& complete) {
  r.named_tables("TIER",
                 [&](const std::string& name, Reader& t) {
                   TierConfig tier;
                   tier.name = name;
                   const std::string kind =
                       t.by_kind("kind", tier_kinds(), tier, {.help = "What the tier is."});
                   if (!t.describing() && !is_tier_name(name)) {
                     t.fail("", "is no name of a tier", "use a-z, 0-9, _ and -");
                   }
                   complete = complete && !kind.empty();
                   tiers.emplace(name, std::move(tier));
                 },
                 {.help = "A tier of the site; the user names it.", .mark = "kind"});
}

void read_clients(Reader& r, std::vector<ClientGroupConfig>& clients) {
  r.tables(
      "clients", clients,
      {.help = "Groups of users, by where they are; without any, one group.", .max_size = 256});
  if (clients.empty()) clients.emplace_back();
}

// What the tiers say of one another; without all of them, nothing is certain.
void connect(Reader& r, const std::string& entry, const Tiers& tiers,
             const std::vector<FaultEntry>& faults, SiteConfig& site) {
  std::vector<TierConfig> chain = chain_of(r, entry, tiers);
  if (chain.empty()) return;
  site.dns = chain.front();
  site.tiers.assign(chain.begin() + 1, chain.end());
  check_sizes(r, site.dns, site.tiers, site.clients.size());
  check_layer7(r, site);
  std::vector<FaultConfig> first;
  for (const FaultEntry& entry_of : faults) first.push_back(entry_of.fault);
  check_faults(r, site.tiers, first);
  site.faults = faults_of(faults);
}

void read(Reader& r, LoadedScenario& out) {
  SiteConfig& site = out.site;
  r.text("name", site.name, {.help = "What the site is called in reports."});
  std::int64_t seed = 1;
  r.integer("seed", seed,
            {.help = "Of all random numbers: equal seeds give equal runs.",
             .min = 0,
             .max = std::numeric_limits<std::int64_t>::max(),
             .fallback = 1});
  site.seed = static_cast<std::uint64_t>(seed);
  std::string entry;
  r.text("entry", entry, {.help = "Name of the tier that users ask first.", .fallback = "dns"});
  Demand demand;
  r.table("workload", demand, {.help = "Users, and what they fetch."});
  site.workload = demand.workload;
  read_clients(r, site.clients);
  r.table("network", site.network, {.help = "Links and TCP."});
  std::vector<FaultEntry> faults;
  r.tables("fault", faults, {.help = "What goes wrong, and when."});
  Tiers tiers;
  bool complete = true;
  read_tiers(r, tiers, complete);
  out.day_curve = demand.day_curve;
  out.window_spec = demand.window;
  if (!r.describing() && complete) connect(r, entry, tiers, faults, site);
}

TableDescription description() {
  return describe([](Reader& r) {
    LoadedScenario unused;
    read(r, unused);
  });
}

void add(SiteCost& sum, const CostConfig& cost, std::int64_t machines) {
  sum.capex_cny += cost.price_cny * static_cast<double>(machines);
  sum.opex_cny_per_year += cost.rent_cny_per_year * static_cast<double>(machines);
}

void add(SiteCost& sum, const TierConfig& tier) {
  if (const auto* dns = std::get_if<DnsTierConfig>(&tier.device)) add(sum, dns->cost, 1);
  if (const auto* lvs = std::get_if<LvsTierConfig>(&tier.device)) {
    add(sum, lvs->cost, lvs->directors);
  }
  if (const auto* proxy = std::get_if<ProxyTierConfig>(&tier.device)) {
    add(sum, proxy->cost, proxy->count);
  }
  if (const auto* servers = std::get_if<ServerTierConfig>(&tier.device)) {
    for (const ServerGroupConfig& group : servers->groups) add(sum, group.cost, group.count);
  }
}

}  // namespace

SiteCost cost_of(const SiteConfig& site) {
  SiteCost sum;
  add(sum, site.dns);
  for (const TierConfig& tier : site.tiers) add(sum, tier);
  return sum;
}

LoadedScenario load_scenario(Document document) {
  LoadedScenario out;
  read_document(document, [&](Reader& r) { read(r, out); });
  document.throw_if_errors();
  out.window = window_of(out.window_spec, out.day_curve);
  out.cost = cost_of(out.site);
  out.text = document.text();
  out.sha256 = document.sha256();
  return out;
}

LoadedScenario load_scenario(const std::filesystem::path& file,
                             const std::vector<std::string>& settings) {
  return load_scenario(Document::load(file, settings));
}

LoadedScenario load_scenario_text(std::string_view text, const std::string& name,
                                  const std::vector<std::string>& settings) {
  return load_scenario(Document::parse(text, name, settings));
}

std::string scenario_schema() { return json_schema(description(), "A scenario of lbsim"); }

std::string scenario_reference_markdown() {
  return "# What a scenario may say\n\nGenerated from the functions that read scenarios; "
         "`lbsim schema` prints the same as JSON Schema.\n\n" +
         reference_markdown(description());
}

}  // namespace lbsim::scenario
