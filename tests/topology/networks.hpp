// Networks for tests.
#pragma once

#include <string>

#include "topology/network.hpp"

namespace lbsim::topology::testing {

inline NodeId add(Graph& graph, std::string name, Role role = Role::inner,
                  double capacity_per_s = kUnlimited, bool standby = false) {
  Node node;
  node.name = std::move(name);
  node.tier = node.name.substr(0, node.name.find('.'));
  node.role = role;
  node.capacity_per_s = capacity_per_s;
  node.standby = standby;
  return add_vertex(node, graph);
}

inline void link(Graph& graph, NodeId from, NodeId to, double bytes_per_s = kUnlimited,
                 double latency_s = 0.001) {
  add_edge(from, to, Link{bytes_per_s, latency_s}, graph);
}

}  // namespace lbsim::topology::testing
