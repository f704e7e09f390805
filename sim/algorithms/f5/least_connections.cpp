// Least Connections (member): the member with the fewest active connections. Looks at the pool's
// own counters, not at weights. Cost per pick: O(members).
//
// Published: the lowest count takes the connection; by F5's training material members with equal
// counts take turns.
// Source: AskF5 K6406; BIG-IP Local Traffic Management, "About load balancing methods".
#include "algorithms/f5/specs.hpp"
#include "algorithms/pool/turns.hpp"

namespace lbsim::algorithms::f5 {
namespace {

class LeastConnections final : public pool::Rule {
 public:
  explicit LeastConnections(const pool::Setting& setting) : Rule(setting.members) {}

  ServerId pick(const pool::Query& query) override {
    const ServerId s = pool::first_in_turn(query, last_, [&](ServerId a, ServerId b) {
      return members_[a].conns < members_[b].conns;
    });
    if (s != kNoServer) last_ = s;
    return s;
  }

 private:
  ServerId last_ = kNoServer;
};

}  // namespace

AlgorithmSpec least_connections_spec() {
  return make_spec<LeastConnections>("least_connections", "the member with the fewest connections",
                                     kDynamicMethods);
}

}  // namespace lbsim::algorithms::f5
