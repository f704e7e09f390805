#include <fmt/format.h>

#include "planning/check.hpp"
#include "topology/drawing.hpp"

namespace lbsim::planning {
namespace {

std::string node_label(const Machine& machine, const NodeForecast& node) {
  const double capacity = capacity_per_s(machine);
  if (capacity == topology::kUnlimited) return machine.standby ? "standby" : "";
  std::string text = fmt::format("holds {:.0f} requests/s\n{}", capacity, node.input);
  if (machine.standby) return text + "\nstandby";
  return text + fmt::format("\n{:.1f} % busy at peak", node.utilization * 100);
}

}  // namespace

std::string check_dot(const CheckReport& report) {
  topology::Graph labelled = report.graph.requests;
  for (const NodeForecast& node : report.nodes) {
    labelled[report.graph.nodes[node.stage][node.machine]].label =
        node_label(report.machine(node), node);
  }
  topology::Drawing drawing;
  drawing.title =
      report.scenario + "\nred: decides the capacity; double line: single point of failure";
  drawing.cut = {report.requests.cut_nodes.begin(), report.requests.cut_nodes.end()};
  drawing.single_points = {report.single_points.begin(), report.single_points.end()};
  drawing.responses = &report.graph.responses;
  return topology::to_dot(labelled, drawing);
}

}  // namespace lbsim::planning
