#include "topology/drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lbsim::topology {
namespace {

constexpr std::size_t kDrawnApart = 8;

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n') {
      result += "\\n";
    } else {
      result += c;
    }
  }
  return result + '"';
}

struct Box {
  std::vector<NodeId> nodes;
};

class Sheet {
 public:
  Sheet(const Graph& graph, const Drawing& drawing) : graph_(graph), drawing_(drawing) {
    for (NodeId first = 0; first < num_vertices(graph);) first = add_run(first);
  }

  std::string text() const;

 private:
  NodeId add_run(NodeId first);
  bool look_equal(NodeId a, NodeId b) const;
  std::string box_line(std::size_t box) const;
  std::string ranks() const;
  std::set<std::pair<std::size_t, std::size_t>> ways(const Graph& graph) const;
  std::string bypasses(const std::set<std::pair<std::size_t, std::size_t>>& requests) const;

  const Graph& graph_;
  const Drawing& drawing_;
  std::vector<Box> boxes_;
  std::vector<std::size_t> box_of_;  // of each node
};

bool Sheet::look_equal(NodeId a, NodeId b) const {
  const Node& x = graph_[a];
  const Node& y = graph_[b];
  return x.tier == y.tier && x.kind == y.kind && x.label == y.label && x.role == y.role &&
         x.standby == y.standby && drawing_.cut.count(a) == drawing_.cut.count(b) &&
         drawing_.single_points.count(a) == drawing_.single_points.count(b);
}

// Boxes of the nodes from `first` on that look equal; returns the node after them.
NodeId Sheet::add_run(NodeId first) {
  NodeId end = first;
  while (end < num_vertices(graph_) && look_equal(first, end)) ++end;
  const bool together = end - first > kDrawnApart;
  for (NodeId node = first; node < end; ++node) {
    if (!together || node == first) boxes_.emplace_back();
    boxes_.back().nodes.push_back(node);
    box_of_.push_back(boxes_.size() - 1);
  }
  return end;
}

std::string Sheet::box_line(std::size_t box) const {
  const std::vector<NodeId>& nodes = boxes_[box].nodes;
  const Node& node = graph_[nodes.front()];
  std::string label = node.name;
  if (nodes.size() > 1) {
    label = fmt::format("{} to {}\n{} machines, each:", node.name, graph_[nodes.back()].name,
                        nodes.size());
  }
  if (!node.label.empty()) label += '\n' + node.label;
  std::string style = "rounded,filled";
  if (node.standby) style += ",dashed";
  const bool cut = drawing_.cut.count(nodes.front()) > 0;
  const bool alone = drawing_.single_points.count(nodes.front()) > 0;
  return fmt::format("  n{} [label={}, style=\"{}\", color=\"{}\", fillcolor=\"{}\"{}{}];\n", box,
                     quoted(label), style, cut ? "#c00000" : "#555555",
                     cut ? "#ffd6d6" : (node.standby ? "#f4f4f4" : "#eaf2fb"),
                     cut ? ", penwidth=2.5" : "", alone ? ", peripheries=2" : "");
}

// Boxes of one tier stand below each other.
std::string Sheet::ranks() const {
  std::string text;
  for (std::size_t box = 0; box < boxes_.size();) {
    const std::string& tier = graph_[boxes_[box].nodes.front()].tier;
    text += "  { rank=same;";
    for (; box < boxes_.size() && graph_[boxes_[box].nodes.front()].tier == tier; ++box) {
      text += fmt::format(" n{};", box);
    }
    text += " }\n";
  }
  return text;
}

std::set<std::pair<std::size_t, std::size_t>> Sheet::ways(const Graph& graph) const {
  std::set<std::pair<std::size_t, std::size_t>> result;
  for (const LinkId link : boost::make_iterator_range(edges(graph))) {
    result.emplace(box_of_[source(link, graph)], box_of_[target(link, graph)]);
  }
  return result;
}

// One dashed arrow from tier to tier, not one from each machine: they would cover the drawing.
std::string Sheet::bypasses(const std::set<std::pair<std::size_t, std::size_t>>& requests) const {
  const auto tier_of = [&](std::size_t box) { return graph_[boxes_[box].nodes.front()].tier; };
  std::set<std::pair<std::string, std::string>> drawn;
  std::string text;
  for (const auto& [from, to] : ways(*drawing_.responses)) {
    if (requests.count({to, from}) > 0) continue;
    if (!drawn.emplace(tier_of(from), tier_of(to)).second) continue;
    text += fmt::format(
        "  n{} -> n{} [style=dashed, color=\"#2a7f3f\", fontcolor=\"#2a7f3f\", fontsize=10, "
        "constraint=false, label={}];\n",
        from, to, quoted(fmt::format("responses of {}", tier_of(from))));
  }
  return text;
}

std::string Sheet::text() const {
  std::string text =
      "digraph site {\n"
      "  graph [rankdir=LR, ordering=out, ranksep=1.1, nodesep=0.25, fontname=\"Helvetica\", "
      "labelloc=t, label=" +
      quoted(drawing_.title) +
      "];\n"
      "  node [shape=box, fontname=\"Helvetica\", fontsize=11];\n"
      "  edge [color=\"#888888\", arrowsize=0.6];\n";
  for (std::size_t box = 0; box < boxes_.size(); ++box) text += box_line(box);
  text += ranks();
  const auto requests = ways(graph_);
  for (const auto& [from, to] : requests) text += fmt::format("  n{} -> n{};\n", from, to);
  if (drawing_.responses != nullptr) text += bypasses(requests);
  return text + "}\n";
}

}  // namespace

std::string to_dot(const Graph& graph, const Drawing& drawing) {
  return Sheet(graph, drawing).text();
}

}  // namespace lbsim::topology
