#include "topology/single_points.hpp"

#include <algorithm>
#include <boost/graph/biconnected_components.hpp>
#include <iterator>

namespace lbsim::topology {
namespace {

using Plain = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;

// The network, one node more behind all sinks. A lone sink is then an articulation point like any
// other node.
Plain joined(const Graph& graph) {
  const std::size_t behind = num_vertices(graph);
  Plain plain(behind + 1);
  for (const LinkId link : boost::make_iterator_range(edges(graph))) {
    add_edge(source(link, graph), target(link, graph), plain);
  }
  for (NodeId node = 0; node < behind; ++node) {
    if (graph[node].role == Role::sink) add_edge(node, behind, plain);
  }
  return plain;
}

// What can be reached from the node behind all sinks, which is the last, without passing `without`.
std::vector<bool> served(const Plain& plain, std::size_t without) {
  const std::size_t behind = num_vertices(plain) - 1;
  std::vector<bool> seen(num_vertices(plain), false);
  std::vector<std::size_t> open = {behind};
  seen[behind] = true;
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    for (const auto next : boost::make_iterator_range(adjacent_vertices(at, plain))) {
      if (seen[next] || next == without) continue;
      seen[next] = true;
      open.push_back(next);
    }
  }
  return seen;
}

}  // namespace

std::vector<NodeId> single_points_of_failure(const Graph& graph) {
  const Plain plain = joined(graph);
  std::vector<std::size_t> candidates;
  boost::articulation_points(plain, std::back_inserter(candidates));
  std::sort(candidates.begin(), candidates.end());

  // An articulation point parts the graph somewhere; only some part clients from servers.
  std::vector<NodeId> points;
  const std::size_t behind = num_vertices(graph);
  const std::vector<bool> before = served(plain, behind);
  for (const std::size_t candidate : candidates) {
    if (candidate == behind || graph[candidate].role == Role::source) continue;
    const std::vector<bool> after = served(plain, candidate);
    for (NodeId node = 0; node < behind; ++node) {
      if (graph[node].role != Role::source || !before[node] || after[node]) continue;
      points.push_back(candidate);
      break;
    }
  }
  return points;
}

}  // namespace lbsim::topology
