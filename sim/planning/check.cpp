#include "planning/check.hpp"

#include <algorithm>

#include "topology/single_points.hpp"

namespace lbsim::planning {

CheckReport check_site(const SiteConfig& site, const workload::RateCurve& curve,
                       const Window& window) {
  CheckReport report;
  report.scenario = site.name;
  report.page_views_per_day = site.workload.page_views_per_day;
  report.burst_index = site.workload.burst_index;
  report.mix = page_mix(site);
  report.busiest = busiest_minute(site.workload, curve, window);
  report.requests_per_s = report.busiest.pages_per_s * report.mix.requests_per_page;
  report.stages = stages_of(site, report.mix, report.busiest.pages_per_s);
  report.graph = site_graph(site, report.stages);
  report.requests = topology::max_flow(report.graph.requests);
  report.responses = topology::max_flow(report.graph.responses);
  report.configured = configured_capacity(report.stages);
  report.single_points = topology::single_points_of_failure(report.graph.requests);
  report.nodes = forecast(report.stages, report.requests_per_s);
  report.headroom = headroom(report.stages, report.requests_per_s);
  report.bottlenecks = bottlenecks(site, report.stages, report.requests_per_s);
  report.losses = losses(site, report.stages, report.requests_per_s);
  return report;
}

std::vector<std::string> cut_names(const topology::Graph& graph, const topology::Flow& flow) {
  std::vector<std::string> names;
  for (const topology::NodeId node : flow.cut_nodes) names.push_back(graph[node].name);
  for (const topology::LinkId link : flow.cut_links) names.push_back(link_name(graph, link));
  return names;
}

std::vector<CutPart> cut_parts(const CheckReport& report) {
  std::vector<CutPart> parts;
  for (const NodeForecast& node : report.nodes) {
    const topology::NodeId id = report.graph.nodes[node.stage][node.machine];
    const auto& cut = report.requests.cut_nodes;
    if (std::find(cut.begin(), cut.end(), id) == cut.end()) continue;
    const Machine& machine = report.machine(node);
    const std::string& input = tightest(machine)->input;
    if (parts.empty() || parts.back().input != input) {
      parts.push_back({machine.name, machine.name, 0, 0, input});
    }
    parts.back().last = machine.name;
    ++parts.back().count;
    parts.back().capacity_per_s += capacity_per_s(machine);
  }
  return parts;
}

}  // namespace lbsim::planning
