#include "topology/capacity.hpp"

#include <algorithm>
#include <boost/graph/push_relabel_max_flow.hpp>
#include <cmath>
#include <cstdint>

namespace lbsim::topology {
namespace {

using Units = std::int64_t;
constexpr double kUnitsMax = 1ULL << 40;  // of one capacity: sums of 2^20 of them fit in 63 bits

struct Arc {
  Units capacity = 0;
  Units residual = 0;
  boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>::edge_descriptor reverse;
};
using Residual =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, Arc>;

// Node n of the network becomes the arc 2n -> 2n + 1, whose capacity is the node's.
std::size_t way_in(NodeId node) { return 2 * node; }
std::size_t way_out(NodeId node) { return 2 * node + 1; }

class Split {
 public:
  Split(const Graph& graph, const LinkCapacity& link_capacity)
      : graph_(graph),
        link_capacity_(link_capacity),
        residual_(2 * num_vertices(graph) + 2),
        from_(2 * num_vertices(graph)),
        to_(from_ + 1) {
    find_scale();
    for (NodeId node = 0; node < num_vertices(graph); ++node) add_node(node);
    for (const LinkId link : boost::make_iterator_range(edges(graph))) {
      add_arc(way_out(source(link, graph)), way_in(target(link, graph)),
              units(link_capacity(graph[link])));
    }
  }

  Flow solve();

 private:
  double capacity_of(NodeId node) const {
    return graph_[node].standby ? 0 : graph_[node].capacity_per_s;
  }
  void find_scale();
  Units units(double per_s) const {
    return std::isinf(per_s) ? unlimited_ : static_cast<Units>(std::llround(per_s * scale_));
  }
  void add_node(NodeId node);
  void add_arc(std::size_t from, std::size_t to, Units capacity);
  std::vector<bool> reached() const;
  double cut(Flow& flow) const;

  const Graph& graph_;
  const LinkCapacity& link_capacity_;
  Residual residual_;
  std::size_t from_;
  std::size_t to_;
  double scale_ = 1;
  Units unlimited_ = 1;
};

// The arc without a limit is given more than all limited ones together: it is then in no minimum
// cut unless nothing else is.
void Split::find_scale() {
  double largest = 0;
  double sum = 0;
  const auto see = [&](double per_s) {
    if (std::isinf(per_s)) return;
    largest = std::max(largest, per_s);
    sum += per_s;
  };
  for (NodeId node = 0; node < num_vertices(graph_); ++node) see(capacity_of(node));
  for (const LinkId link : boost::make_iterator_range(edges(graph_))) {
    see(link_capacity_(graph_[link]));
  }
  if (largest > 0) scale_ = kUnitsMax / largest;
  const auto arcs = static_cast<Units>(num_vertices(graph_) + num_edges(graph_));
  unlimited_ = static_cast<Units>(std::ceil(sum * scale_)) + arcs + 1;
}

void Split::add_arc(std::size_t from, std::size_t to, Units capacity) {
  const auto there = add_edge(from, to, Arc{capacity, 0, {}}, residual_).first;
  const auto back = add_edge(to, from, Arc{}, residual_).first;
  residual_[there].reverse = back;
  residual_[back].reverse = there;
}

void Split::add_node(NodeId node) {
  add_arc(way_in(node), way_out(node), units(capacity_of(node)));
  if (graph_[node].role == Role::source) add_arc(from_, way_in(node), unlimited_);
  if (graph_[node].role == Role::sink) add_arc(way_out(node), to_, unlimited_);
}

// What can still be reached from the sources over arcs that are not full.
std::vector<bool> Split::reached() const {
  std::vector<bool> seen(num_vertices(residual_), false);
  std::vector<std::size_t> open = {from_};
  seen[from_] = true;
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    for (const auto arc : boost::make_iterator_range(out_edges(at, residual_))) {
      const std::size_t next = target(arc, residual_);
      if (seen[next] || residual_[arc].residual == 0) continue;
      seen[next] = true;
      open.push_back(next);
    }
  }
  return seen;
}

// Returns the cut's capacity: the flow as the sum of the capacities as they were given.
double Split::cut(Flow& flow) const {
  const std::vector<bool> seen = reached();
  double sum = 0;
  for (NodeId node = 0; node < num_vertices(graph_); ++node) {
    if (!seen[way_in(node)] || seen[way_out(node)] || graph_[node].standby) continue;
    flow.cut_nodes.push_back(node);
    sum += graph_[node].capacity_per_s;
  }
  for (const LinkId link : boost::make_iterator_range(edges(graph_))) {
    if (!seen[way_out(source(link, graph_))] || seen[way_in(target(link, graph_))]) continue;
    flow.cut_links.push_back(link);
    sum += link_capacity_(graph_[link]);
  }
  return sum;
}

Flow Split::solve() {
  const Units units_per_s = boost::push_relabel_max_flow(
      residual_, from_, to_, get(&Arc::capacity, residual_), get(&Arc::residual, residual_),
      get(&Arc::reverse, residual_), get(boost::vertex_index, residual_));
  Flow flow;
  if (units_per_s >= unlimited_) {
    flow.per_s = kUnlimited;
  } else {
    flow.per_s = cut(flow);
  }
  return flow;
}

}  // namespace

Flow max_flow(const Graph& graph, const LinkCapacity& link_capacity) {
  return Split(graph, link_capacity).solve();
}

Flow max_flow(const Graph& graph) {
  return max_flow(graph, [](const Link&) { return kUnlimited; });
}

}  // namespace lbsim::topology
