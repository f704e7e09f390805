// How busy each machine will be in the busiest minute, and what the loss of any one changes.
#pragma once

#include <string>
#include <vector>

#include "planning/stages.hpp"

namespace lbsim::planning {

struct NodeForecast {
  std::size_t stage = 0;
  std::size_t machine = 0;
  double share = 0;        // of all requests
  double utilization = 0;  // of its busiest resource; over 1: overloaded
  std::string resource;
  std::string input;  // what decides it
};

// In the order of the walk. Load follows the configured weights and methods (Spread).
std::vector<NodeForecast> forecast(const std::vector<Stage>& stages, double requests_per_s);

inline constexpr std::size_t kNoNode = static_cast<std::size_t>(-1);

// The busiest node, an index into `nodes`; kNoNode if nothing is used.
std::size_t bottleneck(const std::vector<NodeForecast>& nodes);

// What the site takes under its configured weights and methods until its first machine is full.
struct ConfiguredCapacity {
  double per_s = 0;  // kUnlimited if nothing limits it
  std::size_t stage = 0;
  std::size_t machine = 0;   // full first
  bool whole_stage = false;  // all of the stage are full at once: its method looks at the load
  std::string input;
};
ConfiguredCapacity configured_capacity(const std::vector<Stage>& stages);

// The loss of one machine of a kind: equal ones make one row.
struct Loss {
  std::size_t stage = 0;
  std::size_t machine = 0;    // the first of them
  std::size_t alike = 1;      // how many there are
  std::string watched_by;     // what takes it out of service; "" nothing
  double share_lost = 0;      // of requests, until somebody acts; 1: the site is down
  double capacity_per_s = 0;  // of those left, spread ideally
  double utilization = 0;     // forecast of the busiest machine left, at the same load
  std::size_t busiest_stage = 0;
  std::size_t busiest_machine = 0;

  // What the users notice in the busiest minute: "site", "share" (of the requests, until somebody
  // acts), "overload" (of those left) or "nothing".
  const char* fails() const {
    if (share_lost == 1) return "site";
    if (share_lost > 0) return "share";
    return utilization > 1 ? "overload" : "nothing";
  }
};
std::vector<Loss> losses(const SiteConfig& site, const std::vector<Stage>& stages,
                         double requests_per_s);

}  // namespace lbsim::planning
