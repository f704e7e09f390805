#include "planning/site_graph.hpp"

namespace lbsim::planning {
namespace {

using topology::kUnlimited;
using topology::Link;
using topology::Node;
using topology::NodeId;
using topology::Role;

class Builder {
 public:
  Builder(const SiteConfig& site, const std::vector<Stage>& stages)
      : site_(site), stages_(stages) {}

  SiteGraph build() {
    for (const ClientGroupConfig& group : site_.clients) add_clients(group);
    for (std::size_t s = 0; s < stages_.size(); ++s) add_stage(s);
    link_requests();
    link_responses();
    return std::move(graph_);
  }

 private:
  void add_clients(const ClientGroupConfig& group);
  void add_stage(std::size_t s);
  void add_both(const Node& one_way, double bits_per_s);
  void link_requests();
  void link_responses();
  void link_stages(topology::Graph& graph, std::size_t from, std::size_t to, double latency_s);

  const SiteConfig& site_;
  const std::vector<Stage>& stages_;
  SiteGraph graph_;
  std::vector<NodeId> clients_;
};

void Builder::add_both(const Node& one_way, double bits_per_s) {
  add_vertex(one_way, graph_.requests);
  Node back = one_way;
  back.capacity_per_s = bits_per_s;
  if (one_way.role == Role::source) back.role = Role::sink;
  if (one_way.role == Role::sink) back.role = Role::source;
  add_vertex(back, graph_.responses);
}

void Builder::add_clients(const ClientGroupConfig& group) {
  clients_.push_back(num_vertices(graph_.requests));
  Node node;
  node.name = group.name;
  node.tier = "clients";
  node.kind = "clients";
  node.role = Role::source;
  add_both(node, kUnlimited);
}

void Builder::add_stage(std::size_t s) {
  const Stage& stage = stages_[s];
  graph_.nodes.emplace_back();
  for (const Machine& machine : stage.machines) {
    graph_.nodes.back().push_back(num_vertices(graph_.requests));
    Node node;
    node.name = machine.name;
    node.tier = stage.tier;
    node.kind = stage.kind;
    node.role = s + 1 == stages_.size() ? Role::sink : Role::inner;
    node.standby = machine.standby;
    node.capacity_per_s = capacity_per_s(machine);
    const double bytes_per_s = machine.response_bytes_per_s;
    add_both(node, bytes_per_s > 0 ? bytes_per_s * 8 : kUnlimited);
  }
}

void Builder::link_stages(topology::Graph& graph, std::size_t from, std::size_t to,
                          double latency_s) {
  for (std::size_t a = 0; a < stages_[from].machines.size(); ++a) {
    if (stages_[from].machines[a].failed) continue;
    for (std::size_t b = 0; b < stages_[to].machines.size(); ++b) {
      if (stages_[to].machines[b].failed) continue;
      add_edge(graph_.nodes[from][a], graph_.nodes[to][b], Link{kUnlimited, latency_s}, graph);
    }
  }
}

void Builder::link_requests() {
  const double lookup_s =
      2 * to_seconds(std::get<DnsTierConfig>(site_.dns.device).authority_latency);
  for (std::size_t g = 0; g < clients_.size() && !stages_.front().machines.front().failed; ++g) {
    const double latency_s = lookup_s + to_seconds(site_.clients[g].latency);
    add_edge(clients_[g], graph_.nodes[0][0], Link{kUnlimited, latency_s}, graph_.requests);
  }
  const double lan_s = to_seconds(site_.network.lan_latency);
  for (std::size_t s = 0; s + 1 < stages_.size(); ++s) {
    const bool inside = s >= 2;  // names and uplink: their ways are in the clients' latency
    link_stages(graph_.requests, s, s + 1, inside ? lan_s : 0);
  }
}

void Builder::link_responses() {
  std::size_t from = stages_.size() - 1;
  for (std::size_t s = from; s-- > 0;) {
    if (!stages_[s].carries_responses) continue;
    link_stages(graph_.responses, from, s, to_seconds(site_.network.lan_latency));
    from = s;
  }
  for (std::size_t g = 0; g < clients_.size(); ++g) {
    for (const NodeId node : graph_.nodes[from]) {
      add_edge(node, clients_[g], Link{kUnlimited, to_seconds(site_.clients[g].latency)},
               graph_.responses);
    }
  }
}

}  // namespace

SiteGraph site_graph(const SiteConfig& site, const std::vector<Stage>& stages) {
  return Builder(site, stages).build();
}

}  // namespace lbsim::planning
