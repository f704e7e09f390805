// How far each resource of a site is from full in the busiest minute, and which is full first,
// second, and so on: what widening one of them would buy.
#pragma once

#include <string>
#include <vector>

#include "planning/forecast.hpp"

namespace lbsim::planning {

// One resource of machines that are alike and bear the same load.
struct Headroom {
  std::size_t stage = 0;
  std::size_t machine = 0;  // the first of them
  std::size_t last = 0;     // neighbours up to this one
  double share = 0;         // of all requests, for each of them
  Load load;
  double utilization = 0;  // in the busiest minute
  double times = 0;        // of that minute's load until it is full; kUnlimited if it is not used
};

// In the order of the walk; the resources of a machine the busiest first. Machines that nothing
// limits have none. Nothing falls on standbys.
std::vector<Headroom> headroom(const std::vector<Stage>& stages, double requests_per_s);

struct BottleneckStep {
  std::size_t stage = 0;
  std::size_t machine = 0;  // the busiest, with the weights and methods that are configured
  Load load;
  double utilization = 0;
  double times = 0;
  // Of the site with all earlier ones widened: spread ideally, and as configured.
  double capacity_per_s = 0;
  double configured_per_s = 0;
};

// The first bottleneck, then what is the bottleneck once that resource has no limit on any machine
// of its tier, and so on until nothing limits the site.
std::vector<BottleneckStep> bottlenecks(const SiteConfig& site, std::vector<Stage> stages,
                                        double requests_per_s);

}  // namespace lbsim::planning
