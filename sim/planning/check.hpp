// What can be said of a site without simulating it: what it can carry and what decides that, what
// it cannot do without, how busy it will be, and what the loss of a machine changes.
#pragma once

#include <string>
#include <vector>

#include "planning/headroom.hpp"
#include "planning/site_graph.hpp"
#include "topology/capacity.hpp"

namespace lbsim::planning {

struct CheckReport {
  std::string scenario;
  double page_views_per_day = 0;
  double burst_index = 1;
  PageMix mix;
  BusiestMinute busiest;
  double requests_per_s = 0;  // in the busiest minute
  std::vector<Stage> stages;  // at that load
  SiteGraph graph;
  topology::Flow requests;   // capacity in requests per second, spread ideally
  topology::Flow responses;  // in bits per second, cards and uplink alone
  ConfiguredCapacity configured;
  std::vector<topology::NodeId> single_points;
  std::vector<NodeForecast> nodes;
  std::vector<Headroom> headroom;
  std::vector<BottleneckStep> bottlenecks;
  std::vector<Loss> losses;

  const Machine& machine(const NodeForecast& node) const {
    return stages[node.stage].machines[node.machine];
  }
};

CheckReport check_site(const SiteConfig& site, const workload::RateCurve& curve,
                       const Window& window);

std::string check_text(const CheckReport& report);
// {"capacity_rps","min_cut":[NAME...],"single_points_of_failure":[NAME...],
//  "forecast":[{"node","utilization_peak",...}], ...}; ends in a line feed.
std::string check_json(const CheckReport& report);
std::string check_dot(const CheckReport& report);

// Names of the nodes and links of a cut, in the order of the walk.
std::vector<std::string> cut_names(const topology::Graph& graph, const topology::Flow& flow);
// What decides the capacity of each distinct part of a cut: inputs, in the order of the walk.
struct CutPart {
  std::string first;  // of the machines that the input decides
  std::string last;
  std::size_t count = 0;
  double capacity_per_s = 0;  // of all of them
  std::string input;
};
std::vector<CutPart> cut_parts(const CheckReport& report);

}  // namespace lbsim::planning
