// Which nodes a network cannot do without.
#pragma once

#include <vector>

#include "topology/network.hpp"

namespace lbsim::topology {

// Nodes other than sources without which some source, that reaches a sink as it is, reaches none;
// in the order of their numbers. Standby nodes count as there: they take over. Candidates are the
// articulation points (Hopcroft and Tarjan 1973) of the undirected graph with one node more behind
// all sinks, so that a lone sink is one, too.
std::vector<NodeId> single_points_of_failure(const Graph& graph);

}  // namespace lbsim::topology
