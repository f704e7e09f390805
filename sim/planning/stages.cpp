#include "planning/stages.hpp"

#include <algorithm>

#include "planning/spread.hpp"
#include "planning/stage_loads.hpp"
#include "topology/network.hpp"

namespace lbsim::planning {
namespace {

// How many machines, or addresses, the tier in front of `tier` chooses from.
int members_of_tier(const TierConfig& tier) {
  if (const auto* servers = std::get_if<ServerTierConfig>(&tier.device)) {
    int count = 0;
    for (const ServerGroupConfig& group : servers->groups) count += group.count;
    return count;
  }
  const auto* proxies = std::get_if<ProxyTierConfig>(&tier.device);
  return proxies != nullptr && !proxies->vrrp_enabled ? proxies->count : 1;
}

bool is_http(const TierConfig& tier) {
  const auto* proxy = std::get_if<ProxyTierConfig>(&tier.device);
  return proxy != nullptr && proxy->mode == ProxyMode::http;
}

Stage stage_of(const Demand& demand, std::size_t index) {
  const std::vector<TierConfig>& tiers = demand.site.tiers;
  const TierConfig& tier = tiers[index];
  if (std::holds_alternative<LvsTierConfig>(tier.device)) return directors_stage(demand, tier);
  if (std::holds_alternative<ServerTierConfig>(tier.device)) return servers_stage(demand, tier);
  const bool leading =
      std::none_of(tiers.begin(), tiers.begin() + static_cast<long>(index), is_http);
  return proxies_stage(demand, tier, members_of_tier(tiers[index + 1]), leading);
}

// Machines that share one address are watched by each other.
bool shares_address(const Stage& stage) {
  return std::any_of(stage.machines.begin(), stage.machines.end(),
                     [](const Machine& machine) { return machine.standby; });
}

}  // namespace

std::vector<Stage> stages_of(const SiteConfig& site, const PageMix& mix, double pages_per_s) {
  const Demand demand{site, mix, pages_per_s};
  std::vector<Stage> stages = {names_stage(demand), uplink_stage(demand)};
  for (std::size_t i = 0; i < site.tiers.size(); ++i) {
    Stage stage = stage_of(demand, i);
    const Front front = front_of(i == 0 ? site.dns : site.tiers[i - 1]);
    stage.spread = front.spread;
    stage.spread_by = front.spread_by;
    stage.watched_by = shares_address(stage) ? stage.tier + ".vrrp" : front.watched_by;
    stages.push_back(std::move(stage));
  }
  return stages;
}

const Load* tightest(const Machine& machine) {
  const Load* found = nullptr;
  for (const Load& load : machine.loads) {
    if (found == nullptr || load.capacity_per_s < found->capacity_per_s) found = &load;
  }
  return found;
}

double capacity_per_s(const Machine& machine) {
  const Load* load = tightest(machine);
  return load == nullptr ? topology::kUnlimited : load->capacity_per_s;
}

}  // namespace lbsim::planning
