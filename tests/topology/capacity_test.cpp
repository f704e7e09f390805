#include "topology/capacity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

#include "core/random.hpp"
#include "networks.hpp"

namespace lbsim::topology {
namespace {

using namespace lbsim::topology::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

double by_bytes(const Link& link) { return link.bytes_per_s; }

// Cormen, Leiserson, Rivest, Stein: Introduction to Algorithms, figure 26.1: the flow is 23, and
// the only minimum cut {s, v1, v2, v4} | {v3, t} is crossed by v1 -> v3 (12), v4 -> v3 (7), v4 -> t
// (4).
TEST(Capacity, OfTheTextbookNetworkIs23) {
  Graph graph;
  const NodeId s = add(graph, "s", Role::source);
  const NodeId v1 = add(graph, "v1");
  const NodeId v2 = add(graph, "v2");
  const NodeId v3 = add(graph, "v3");
  const NodeId v4 = add(graph, "v4");
  const NodeId t = add(graph, "t", Role::sink);
  link(graph, s, v1, 16);
  link(graph, s, v2, 13);
  link(graph, v2, v1, 4);
  link(graph, v1, v3, 12);
  link(graph, v3, v2, 9);
  link(graph, v2, v4, 14);
  link(graph, v4, v3, 7);
  link(graph, v3, t, 20);
  link(graph, v4, t, 4);
  const Flow flow = max_flow(graph, by_bytes);
  EXPECT_DOUBLE_EQ(flow.per_s, 23);
  std::vector<std::string> names;
  for (const LinkId id : flow.cut_links) names.push_back(link_name(graph, id));
  EXPECT_THAT(names, ElementsAre("v1 -> v3", "v4 -> v3", "v4 -> t"));
  EXPECT_THAT(flow.cut_nodes, IsEmpty());
}

TEST(Capacity, IsThatOfTheNarrowestTier) {
  // clients -> two proxies of 300/s -> three servers of 150.5/s: min(600, 451.5).
  Graph graph;
  const NodeId clients = add(graph, "clients", Role::source);
  std::vector<NodeId> servers;
  const std::vector<NodeId> proxies = {add(graph, "p.1", Role::inner, 300),
                                       add(graph, "p.2", Role::inner, 300)};
  for (int i = 1; i <= 3; ++i) {
    servers.push_back(add(graph, "s." + std::to_string(i), Role::sink, 150.5));
  }
  for (const NodeId proxy : proxies) {
    link(graph, clients, proxy);
    for (const NodeId server : servers) link(graph, proxy, server);
  }
  const Flow flow = max_flow(graph);
  EXPECT_DOUBLE_EQ(flow.per_s, 451.5);
  EXPECT_EQ(flow.cut_nodes, servers);
}

TEST(Capacity, CountsAStandbyMachineOnlyOnceItIsActive) {
  Graph graph;
  const NodeId clients = add(graph, "clients", Role::source);
  const NodeId active = add(graph, "vip.1", Role::inner, 100);
  const NodeId standby = add(graph, "vip.2", Role::inner, 80, true);
  const NodeId server = add(graph, "s.1", Role::sink, 1000);
  for (const NodeId director : {active, standby}) {
    link(graph, clients, director);
    link(graph, director, server);
  }
  const Flow flow = max_flow(graph);
  EXPECT_DOUBLE_EQ(flow.per_s, 100);
  EXPECT_THAT(flow.cut_nodes, ElementsAre(active));
  graph[standby].standby = false;
  EXPECT_DOUBLE_EQ(max_flow(graph).per_s, 180);
}

TEST(Capacity, HasNoLimitWhereNothingLimitsIt) {
  Graph graph;
  const NodeId clients = add(graph, "clients", Role::source);
  link(graph, clients, add(graph, "s", Role::sink));
  EXPECT_EQ(max_flow(graph).per_s, kUnlimited);
  EXPECT_THAT(max_flow(graph).cut_nodes, IsEmpty());
}

TEST(Capacity, IsNothingWithoutAWay) {
  Graph graph;
  add(graph, "clients", Role::source);
  add(graph, "s", Role::sink, 10);
  EXPECT_EQ(max_flow(graph).per_s, 0);
}

// Ford and Fulkerson: the maximum flow is the least capacity over all ways to part the nodes into a
// side with the sources and one with the sinks. A node split in two is cut itself when its halves
// are on different sides: enumerate the sides of all halves.
double least_cut(const Graph& graph) {
  const std::size_t n = num_vertices(graph);
  double least = kUnlimited;
  for (std::uint32_t sides = 0; sides < (1u << (2 * n)); ++sides) {
    const auto with_sources = [&](std::size_t half) { return (sides >> half & 1u) != 0; };
    double sum = 0;
    for (NodeId node = 0; node < n; ++node) {
      if (graph[node].role == Role::source && !with_sources(2 * node)) sum = kUnlimited;
      if (graph[node].role == Role::sink && with_sources(2 * node + 1)) sum = kUnlimited;
      if (with_sources(2 * node) && !with_sources(2 * node + 1)) sum += graph[node].capacity_per_s;
    }
    for (const LinkId id : boost::make_iterator_range(edges(graph))) {
      const bool cut =
          with_sources(2 * source(id, graph) + 1) && !with_sources(2 * target(id, graph));
      if (cut) sum += graph[id].bytes_per_s;
    }
    least = std::min(least, sum);
  }
  return least;
}

TEST(Capacity, IsTheLeastCutOfRandomNetworks) {
  Random random(1, "capacity");
  for (int round = 0; round < 60; ++round) {
    Graph graph;
    add(graph, "from", Role::source);
    for (int i = 0; i < 4; ++i) {
      const auto capacity = static_cast<double>(random.below(20));
      add(graph, "n" + std::to_string(i), Role::inner, capacity);
    }
    add(graph, "to", Role::sink, static_cast<double>(5 + random.below(30)));
    for (NodeId a = 0; a < 6; ++a) {
      for (NodeId b = 0; b < 6; ++b) {
        if (a == b || random.below(10) < 4) continue;
        link(graph, a, b, static_cast<double>(random.below(12)));
      }
    }
    const Flow flow = max_flow(graph, by_bytes);
    EXPECT_DOUBLE_EQ(flow.per_s, least_cut(graph)) << "round " << round;
  }
}

}  // namespace
}  // namespace lbsim::topology
