#include "planning/forecast.hpp"

#include <algorithm>

#include "planning/spread.hpp"
#include "topology/network.hpp"

namespace lbsim::planning {
namespace {

NodeForecast node_forecast(const Machine& machine, double share, double requests_per_s) {
  NodeForecast node;
  node.share = share;
  for (const Load& load : machine.loads) {
    const double used = load.per_request * share * requests_per_s;
    if (!node.resource.empty() && used <= node.utilization) continue;
    node.utilization = used;
    node.resource = load.resource;
    node.input = load.input;
  }
  return node;
}

// Of a stage whose shares do not depend on the load.
ConfiguredCapacity first_full(const Stage& stage) {
  ConfiguredCapacity least{topology::kUnlimited, 0, 0, false, ""};
  const std::vector<double> shares = shares_of(stage, 0);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] == 0) continue;
    const double per_s = capacity_per_s(stage.machines[i]) / shares[i];
    if (per_s < least.per_s) least = {per_s, 0, i, false, tightest(stage.machines[i])->input};
  }
  return least;
}

ConfiguredCapacity all_full(const Stage& stage) {
  ConfiguredCapacity sum{0, 0, 0, true, ""};
  const std::vector<double> shares = shares_of(stage, 0);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] == 0) continue;
    sum.per_s += capacity_per_s(stage.machines[i]);
    const Load* load = tightest(stage.machines[i]);
    if (sum.input.empty() && load != nullptr) {
      sum.input = load->input;
      sum.machine = i;
    }
  }
  return sum;
}

}  // namespace

std::vector<NodeForecast> forecast(const std::vector<Stage>& stages, double requests_per_s) {
  std::vector<NodeForecast> nodes;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    const std::vector<double> shares = shares_of(stages[s], requests_per_s);
    for (std::size_t m = 0; m < shares.size(); ++m) {
      nodes.push_back(node_forecast(stages[s].machines[m], shares[m], requests_per_s));
      nodes.back().stage = s;
      nodes.back().machine = m;
    }
  }
  return nodes;
}

std::size_t bottleneck(const std::vector<NodeForecast>& nodes) {
  std::size_t best = kNoNode;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].utilization == 0) continue;
    if (best == kNoNode || nodes[i].utilization > nodes[best].utilization) best = i;
  }
  return best;
}

ConfiguredCapacity configured_capacity(const std::vector<Stage>& stages) {
  ConfiguredCapacity least{topology::kUnlimited, 0, 0, false, ""};
  for (std::size_t s = 0; s < stages.size(); ++s) {
    const bool gives_way = stages[s].spread == Spread::load_aware;
    ConfiguredCapacity here = gives_way ? all_full(stages[s]) : first_full(stages[s]);
    here.stage = s;
    if (here.per_s < least.per_s) least = here;
  }
  return least;
}

}  // namespace lbsim::planning
