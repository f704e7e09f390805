// Networks as Graphviz input: from left to right by tiers, equal machines drawn as one.
#pragma once

#include <set>
#include <string>

#include "topology/network.hpp"

namespace lbsim::topology {

struct Drawing {
  std::string title;                 // may have several lines
  std::set<NodeId> cut;              // red: they decide the capacity
  std::set<NodeId> single_points;    // a second outline
  const Graph* responses = nullptr;  // with the same nodes; tiers that they bypass: dashed
};

// The text of a .dot file, to be drawn by `dot -Tsvg`. More than 8 machines of a tier that follow
// each other and differ only in name become one box with their number.
std::string to_dot(const Graph& graph, const Drawing& drawing);

}  // namespace lbsim::topology
