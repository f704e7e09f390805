#include <algorithm>

#include "planning/forecast.hpp"
#include "planning/site_graph.hpp"
#include "planning/spread.hpp"
#include "topology/capacity.hpp"

namespace lbsim::planning {
namespace {

bool alike(const Machine& a, const Machine& b) {
  return a.group == b.group && a.weight == b.weight && a.standby == b.standby &&
         capacity_per_s(a) == capacity_per_s(b);
}

// The machine is gone; if another stands by, it has taken over.
std::vector<Stage> without(std::vector<Stage> stages, std::size_t stage, std::size_t machine) {
  std::vector<Machine>& machines = stages[stage].machines;
  const bool was_active = !machines[machine].standby;
  machines[machine].failed = true;
  for (std::size_t i = 0; was_active && i < machines.size(); ++i) {
    if (!machines[i].standby || machines[i].failed) continue;
    machines[i].standby = false;
    break;
  }
  return stages;
}

Loss loss_of(const SiteConfig& site, const std::vector<Stage>& stages, double requests_per_s,
             std::size_t stage, std::size_t machine) {
  const std::vector<Stage> left = without(stages, stage, machine);
  Loss loss;
  loss.stage = stage;
  loss.machine = machine;
  loss.watched_by = stages[stage].watched_by;
  const std::vector<double> shares = shares_of(left[stage], requests_per_s);
  if (std::all_of(shares.begin(), shares.end(), [](double share) { return share == 0; })) {
    loss.share_lost = 1;
    return loss;
  }
  if (loss.watched_by.empty()) {
    loss.share_lost = shares_of(stages[stage], requests_per_s)[machine];
  }
  loss.capacity_per_s = topology::max_flow(site_graph(site, left).requests).per_s;
  const std::vector<NodeForecast> nodes = forecast(left, requests_per_s);
  const std::size_t busiest = bottleneck(nodes);
  if (busiest == kNoNode) return loss;
  loss.utilization = nodes[busiest].utilization;
  loss.busiest_stage = nodes[busiest].stage;
  loss.busiest_machine = nodes[busiest].machine;
  return loss;
}

}  // namespace

std::vector<Loss> losses(const SiteConfig& site, const std::vector<Stage>& stages,
                         double requests_per_s) {
  std::vector<Loss> rows;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    const std::vector<Machine>& machines = stages[s].machines;
    for (std::size_t m = 0; m < machines.size(); ++m) {
      const auto same = std::find_if(rows.begin(), rows.end(), [&](const Loss& row) {
        return row.stage == s && alike(machines[row.machine], machines[m]);
      });
      if (same != rows.end()) {
        ++same->alike;
        continue;
      }
      rows.push_back(loss_of(site, stages, requests_per_s, s, m));
    }
  }
  return rows;
}

}  // namespace lbsim::planning
