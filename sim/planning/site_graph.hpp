// A site as a network: clients, then its stages, every machine of one linked with every machine of
// the next. Capacities are in requests per second one way, in bits per second of responses back.
#pragma once

#include "planning/stages.hpp"
#include "topology/network.hpp"

namespace lbsim::planning {

struct SiteGraph {
  topology::Graph requests;
  // The same nodes; from servers to clients, past what responses bypass: names are not on their
  // way, nor are directors but with NAT.
  topology::Graph responses;
  std::vector<std::vector<topology::NodeId>> nodes;  // [stage][machine]
};

// Failed machines are left without links. The first links carry the latency of a session's first
// request: the lookup, there and back, and the trip to the site.
SiteGraph site_graph(const SiteConfig& site, const std::vector<Stage>& stages);

}  // namespace lbsim::planning
