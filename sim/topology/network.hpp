// A network as a graph: machines and what lies between them as nodes, what connects them as links.
// Directed: a link carries from its first node to its second. Knows nothing of what machines do; a
// node's capacity is what somebody else says that it can take.
#pragma once

#include <boost/graph/adjacency_list.hpp>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace lbsim::topology {

inline constexpr double kUnlimited = std::numeric_limits<double>::infinity();

enum class Role : std::uint8_t { source, inner, sink };

struct Node {
  std::string name;   // "vip.1"
  std::string tier;   // nodes of one tier are drawn in one column
  std::string kind;   // "nginx", "server", "uplink"
  std::string label;  // what a drawing says below the name
  Role role = Role::inner;
  bool standby = false;                // takes over when another fails; carries nothing until then
  double capacity_per_s = kUnlimited;  // of whatever flows
};

struct Link {
  double bytes_per_s = kUnlimited;
  double latency_s = 0;
};

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, Node, Link>;
using NodeId = Graph::vertex_descriptor;
using LinkId = Graph::edge_descriptor;

// Both ends of a link, by name: "vip.1 -> proxies.1".
std::string link_name(const Graph& graph, LinkId link);

struct Route {
  std::vector<NodeId> nodes;  // both ends included; empty: no way there
  double latency_s = kUnlimited;
  double bytes_per_s = kUnlimited;  // of its narrowest link
};

// The route of least latency. Of equals, the one whose nodes were added first.
Route fastest_route(const Graph& graph, NodeId from, NodeId to);

// The sink with the least latency from `from`, for choosing the nearest site; its route is empty if
// no sink can be reached.
Route nearest_sink(const Graph& graph, NodeId from);

}  // namespace lbsim::topology
