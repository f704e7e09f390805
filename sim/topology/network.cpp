#include "topology/network.hpp"

#include <algorithm>
#include <boost/graph/dijkstra_shortest_paths.hpp>

#include "core/check.hpp"

namespace lbsim::topology {
namespace {

struct Tree {  // of least latencies from one node
  std::vector<NodeId> before;
  std::vector<double> latency_s;
};

Tree fastest_from(const Graph& graph, NodeId from) {
  Tree tree;
  tree.before.resize(num_vertices(graph));
  tree.latency_s.resize(num_vertices(graph));
  boost::dijkstra_shortest_paths(graph, from,
                                 boost::weight_map(get(&Link::latency_s, graph))
                                     .predecessor_map(tree.before.data())
                                     .distance_map(tree.latency_s.data())
                                     .distance_inf(kUnlimited));
  return tree;
}

Route route_in(const Graph& graph, const Tree& tree, NodeId from, NodeId to) {
  Route route;
  if (tree.latency_s[to] == kUnlimited) return route;
  route.latency_s = tree.latency_s[to];
  for (NodeId at = to; at != from; at = tree.before[at]) {
    route.nodes.push_back(at);
    const auto [link, exists] = edge(tree.before[at], at, graph);
    LBSIM_CHECK(exists);
    route.bytes_per_s = std::min(route.bytes_per_s, graph[link].bytes_per_s);
  }
  route.nodes.push_back(from);
  std::reverse(route.nodes.begin(), route.nodes.end());
  return route;
}

}  // namespace

std::string link_name(const Graph& graph, LinkId link) {
  return graph[source(link, graph)].name + " -> " + graph[target(link, graph)].name;
}

Route fastest_route(const Graph& graph, NodeId from, NodeId to) {
  return route_in(graph, fastest_from(graph, from), from, to);
}

Route nearest_sink(const Graph& graph, NodeId from) {
  const Tree tree = fastest_from(graph, from);
  NodeId best = from;
  double least = kUnlimited;
  for (NodeId node = 0; node < num_vertices(graph); ++node) {
    if (graph[node].role != Role::sink || tree.latency_s[node] >= least) continue;
    least = tree.latency_s[node];
    best = node;
  }
  return least == kUnlimited ? Route{} : route_in(graph, tree, from, best);
}

}  // namespace lbsim::topology
