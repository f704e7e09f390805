// A site as the stages that every request passes one after another - names, uplink, tiers - and
// what a request costs the machines of each. The costs are the devices' own: what sim/devices
// charges to a CPU, a card or a connection table, in the mean.
#pragma once

#include <string>
#include <vector>

#include "planning/page_mix.hpp"

namespace lbsim::planning {

// One resource of a machine: what a request that passes it uses.
struct Load {
  std::string resource;       // cpu, nic_in, nic_out, connections
  double per_request = 0;     // share of the resource in use at one request per second
  double capacity_per_s = 0;  // requests per second that fill it
  std::string input;          // what decides it, in the scenario's words
};

struct Machine {
  std::string name;
  std::string group;     // machines of one group of a tier are equal
  int weight = 1;        // as the tier in front has it
  bool standby = false;  // takes over when the active one fails
  bool failed = false;
  double response_bytes_per_s = 0;  // that its cards let through; 0: no limit
  std::vector<Load> loads;
};

// How the tier in front spreads requests over the machines of a stage, in the long run.
enum class Spread : std::uint8_t {
  equal,  // whatever the weights
  by_weight,
  load_aware,  // by weight, but past no machine's capacity while others have room
  first_only,  // all to the first machine of the highest weight
};

struct Stage {
  std::string tier;
  std::string kind;
  Spread spread = Spread::equal;
  std::string spread_by;  // "vip.scheduler wlc"
  bool carries_responses = true;
  // What takes a failed machine of this stage out of service, or "" if nothing does.
  std::string watched_by;
  std::vector<Machine> machines;
};

// Stages in the order of the walk, for a load of `pages_per_s`: how often proxies find a connection
// to a server open, and resolvers an answer in their cache, depends on it.
std::vector<Stage> stages_of(const SiteConfig& site, const PageMix& mix, double pages_per_s);

// Requests per second that fill a machine's tightest resource; kUnlimited if none has a limit.
double capacity_per_s(const Machine& machine);
// The tightest resource; null if none has a limit.
const Load* tightest(const Machine& machine);

}  // namespace lbsim::planning
