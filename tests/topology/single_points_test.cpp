#include "topology/single_points.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/random.hpp"
#include "networks.hpp"

namespace lbsim::topology {
namespace {

using namespace lbsim::topology::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SinglePoints, AreLoneMachinesButNotPairs) {
  Graph graph;
  const NodeId clients = add(graph, "clients", Role::source);
  const NodeId dns = add(graph, "dns.1");
  const NodeId active = add(graph, "vip.1");
  const NodeId standby = add(graph, "vip.2", Role::inner, kUnlimited, true);
  const NodeId proxy = add(graph, "proxies.1");
  const NodeId one = add(graph, "servers.1", Role::sink);
  const NodeId two = add(graph, "servers.2", Role::sink);
  link(graph, clients, dns);
  for (const NodeId director : {active, standby}) {
    link(graph, dns, director);
    link(graph, director, proxy);
  }
  link(graph, proxy, one);
  link(graph, proxy, two);
  EXPECT_THAT(single_points_of_failure(graph), ElementsAre(dns, proxy));
}

TEST(SinglePoints, IncludeALoneServer) {
  Graph graph;
  const NodeId clients = add(graph, "clients", Role::source);
  const NodeId server = add(graph, "servers.1", Role::sink);
  link(graph, clients, server);
  EXPECT_THAT(single_points_of_failure(graph), ElementsAre(server));
}

TEST(SinglePoints, DoNotIncludeWhatPartsOnlyADeadEnd) {
  Graph graph;
  const NodeId clients = add(graph, "clients", Role::source);
  const NodeId logs = add(graph, "logs");
  const NodeId switched = add(graph, "switch");
  const NodeId one = add(graph, "servers.1", Role::sink);
  const NodeId two = add(graph, "servers.2", Role::sink);
  for (const NodeId server : {one, two}) {
    link(graph, clients, server);
    link(graph, server, switched);
  }
  link(graph, switched, logs);  // an articulation point, but nobody's way to a server
  EXPECT_THAT(single_points_of_failure(graph), IsEmpty());
}

// Can `from` reach a sink when `without` is gone? Links are used both ways.
bool served(const Graph& graph, NodeId from, NodeId without) {
  std::vector<bool> seen(num_vertices(graph), false);
  seen[from] = true;
  for (bool grew = true; grew;) {
    grew = false;
    for (const LinkId id : boost::make_iterator_range(edges(graph))) {
      const NodeId a = source(id, graph);
      const NodeId b = target(id, graph);
      if (a == without || b == without || seen[a] == seen[b]) continue;
      seen[a] = seen[b] = grew = true;
    }
  }
  for (NodeId node = 0; node < num_vertices(graph); ++node) {
    if (seen[node] && graph[node].role == Role::sink && node != without) return true;
  }
  return false;
}

TEST(SinglePoints, AreThoseWhoseRemovalCutsASourceOffInRandomNetworks) {
  Random random(1, "single points");
  int found = 0;
  for (int round = 0; round < 400; ++round) {
    Graph graph;
    for (int i = 0; i < 12; ++i) {
      const Role role = i < 2 ? Role::source : i >= 10 ? Role::sink : Role::inner;
      add(graph, "n" + std::to_string(i), role);
    }
    for (NodeId a = 0; a < 12; ++a) {
      for (NodeId b = a + 1; b < 12; ++b) {
        if (random.below(100) < 18) link(graph, a, b);
      }
    }
    std::vector<NodeId> expected;
    for (NodeId node = 2; node < 12; ++node) {
      const bool cuts_0 = served(graph, 0, 99) && !served(graph, 0, node);
      const bool cuts_1 = served(graph, 1, 99) && !served(graph, 1, node);
      if (cuts_0 || cuts_1) expected.push_back(node);
    }
    found += static_cast<int>(expected.size());
    EXPECT_EQ(single_points_of_failure(graph), expected) << "round " << round;
  }
  EXPECT_GT(found, 100);  // the networks are thin enough to have some
}

}  // namespace
}  // namespace lbsim::topology
