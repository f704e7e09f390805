#include "topology/network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "networks.hpp"
#include "topology/drawing.hpp"

namespace lbsim::topology {
namespace {

using namespace lbsim::topology::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Network, TakesTheFasterOfTwoRoutesEvenIfItHasMoreLinks) {
  Graph graph;
  const NodeId a = add(graph, "a", Role::source);
  const NodeId b = add(graph, "b");
  const NodeId c = add(graph, "c", Role::sink);
  link(graph, a, c, 1e9, 0.030);
  link(graph, a, b, 2e8, 0.010);
  link(graph, b, c, 5e8, 0.015);
  const Route route = fastest_route(graph, a, c);
  EXPECT_THAT(route.nodes, ElementsAre(a, b, c));
  EXPECT_DOUBLE_EQ(route.latency_s, 0.025);
  EXPECT_DOUBLE_EQ(route.bytes_per_s, 2e8);
  EXPECT_THAT(fastest_route(graph, c, a).nodes, IsEmpty());  // links have a direction
}

TEST(Network, FindsTheNearestSite) {
  Graph graph;
  const NodeId clients = add(graph, "clients", Role::source);
  const NodeId far = add(graph, "far", Role::sink);
  const NodeId near = add(graph, "near", Role::sink);
  link(graph, clients, far, kUnlimited, 0.100);
  link(graph, clients, near, kUnlimited, 0.020);
  EXPECT_THAT(nearest_sink(graph, clients).nodes, ElementsAre(clients, near));
}

TEST(Drawing, DrawsManyEqualMachinesAsOneBoxAndFewApart) {
  Graph graph;
  const NodeId clients = add(graph, "clients", Role::source);
  std::vector<NodeId> servers;
  for (int i = 1; i <= 9; ++i) {
    servers.push_back(add(graph, "servers." + std::to_string(i), Role::sink));
    link(graph, clients, servers.back());
  }
  EXPECT_THAT(to_dot(graph, {}), HasSubstr("servers.1 to servers.9\\n9 machines"));
  // One of them in the cut is not like the others: one box each, and one red one.
  const std::string apart = to_dot(graph, {"", {servers[4]}, {}, nullptr});
  EXPECT_THAT(apart, Not(HasSubstr("machines")));
  EXPECT_THAT(apart, HasSubstr("label=\"servers.5\", style=\"rounded,filled\", color=\"#c00000\""));
}

TEST(Drawing, QuotesNamesAndDashesTheWaysOfResponsesOnly) {
  Graph graph;
  const NodeId clients = add(graph, "our \"users\"", Role::source);
  const NodeId director = add(graph, "vip");
  const NodeId server = add(graph, "s", Role::sink);
  link(graph, clients, director);
  link(graph, director, server);
  Graph back;
  for (NodeId node = 0; node < 3; ++node) add_vertex(graph[node], back);
  link(back, server, clients);
  const std::string dot = to_dot(graph, {"t", {}, {}, &back});
  EXPECT_THAT(dot, HasSubstr("our \\\"users\\\""));
  EXPECT_THAT(dot, HasSubstr("n2 -> n0 [style=dashed"));
}

}  // namespace
}  // namespace lbsim::topology
