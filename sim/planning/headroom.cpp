#include "planning/headroom.hpp"

#include <algorithm>

#include "planning/site_graph.hpp"
#include "planning/spread.hpp"
#include "topology/capacity.hpp"

namespace lbsim::planning {
namespace {

// Caches make the load of names less than proportional, so what fills a resource is asked for.
double times_until_full(const Load& load, double share, double requests_per_s) {
  const double rate = share * requests_per_s;
  return rate > 0 ? load.capacity_per_s / rate : topology::kUnlimited;
}

bool bears_the_same(const Stage& stage, const std::vector<double>& shares, std::size_t a,
                    std::size_t b) {
  const Machine& x = stage.machines[a];
  const Machine& y = stage.machines[b];
  return x.group == y.group && x.standby == y.standby && capacity_per_s(x) == capacity_per_s(y) &&
         std::abs(shares[a] - shares[b]) <= 1e-9 * shares[a];
}

void add_stage_rows(const std::vector<Stage>& stages, std::size_t s, double requests_per_s,
                    std::vector<Headroom>& rows) {
  const Stage& stage = stages[s];
  const std::vector<double> shares = shares_of(stage, requests_per_s);
  for (std::size_t first = 0, end = 0; first < shares.size(); first = end) {
    while (end < shares.size() && bears_the_same(stage, shares, first, end)) ++end;
    const auto begin = static_cast<long>(rows.size());
    for (const Load& load : stage.machines[first].loads) {
      rows.push_back({s, first, end - 1, shares[first], load,
                      load.per_request * shares[first] * requests_per_s,
                      times_until_full(load, shares[first], requests_per_s)});
    }
    std::stable_sort(rows.begin() + begin, rows.end(), [](const Headroom& a, const Headroom& b) {
      return a.utilization > b.utilization;
    });
  }
}

// The resource of the stage has no limit any more.
void widen(Stage& stage, const std::string& resource) {
  for (Machine& machine : stage.machines) {
    std::erase_if(machine.loads, [&](const Load& load) { return load.resource == resource; });
  }
}

}  // namespace

std::vector<Headroom> headroom(const std::vector<Stage>& stages, double requests_per_s) {
  std::vector<Headroom> rows;
  for (std::size_t s = 0; s < stages.size(); ++s) add_stage_rows(stages, s, requests_per_s, rows);
  return rows;
}

std::vector<BottleneckStep> bottlenecks(const SiteConfig& site, std::vector<Stage> stages,
                                        double requests_per_s) {
  std::vector<BottleneckStep> steps;
  while (true) {
    const std::vector<Headroom> rows = headroom(stages, requests_per_s);
    const auto first =
        std::min_element(rows.begin(), rows.end(),
                         [](const Headroom& a, const Headroom& b) { return a.times < b.times; });
    if (first == rows.end() || first->times == topology::kUnlimited) return steps;
    steps.push_back({first->stage, first->machine, first->load, first->utilization, first->times,
                     topology::max_flow(site_graph(site, stages).requests).per_s,
                     configured_capacity(stages).per_s});
    widen(stages[first->stage], first->load.resource);
  }
}

}  // namespace lbsim::planning
