// How much a network can carry from its sources to its sinks, if every junction spreads the load as
// well as it can, and what keeps it from carrying more.
#pragma once

#include <functional>
#include <vector>

#include "topology/network.hpp"

namespace lbsim::topology {

struct Flow {
  double per_s = 0;  // kUnlimited: no node and no link limits it
  // The minimum cut nearest to the sources: without these nothing passes, and their capacities add
  // up to the flow. Standby nodes are in no cut.
  std::vector<NodeId> cut_nodes;
  std::vector<LinkId> cut_links;
};

using LinkCapacity = std::function<double(const Link&)>;

// Maximum flow and minimum cut (Ford and Fulkerson 1956; found by push and relabel, Goldberg and
// Tarjan 1988), nodes limited by their capacity_per_s, links by `link_capacity`. Capacities are
// compared as 40-bit integers: differences below 1e-12 of the largest one do not count.
Flow max_flow(const Graph& graph, const LinkCapacity& link_capacity);
// Links without a limit.
Flow max_flow(const Graph& graph);

}  // namespace lbsim::topology
