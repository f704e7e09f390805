// Weighted Least Connections (member): the member with the smallest part of its connection limit in
// use. Looks at the pool's own counters and at max_conns. Cost per pick: O(members).
//
// Published: 20 connections of a limit of 100 are 20 %, 20 of 200 are 10 %, and the latter takes
// the connection; every member needs a limit. Not published: ties (here they take turns). Where no
// member at all has a limit, weights stand for the limits here, and nothing is ever full.
// Source: BIG-IP Local Traffic Management, "About load balancing methods".
#include "algorithms/f5/specs.hpp"
#include "algorithms/pool/turns.hpp"

namespace lbsim::algorithms::f5 {
namespace {

class WeightedLeastConnections final : public pool::Rule {
 public:
  explicit WeightedLeastConnections(const pool::Setting& setting) : Rule(setting.members) {
    std::size_t limited = 0;
    for (ServerId s = 0; s < members_.size(); ++s) limited += members_[s].conns_max != 0;
    by_limit_ = limited != 0;
    if (by_limit_ && limited != members_.size()) {
      reject("servers", "some have no max_conns",
             "weighted_least_connections wants max_conns on every server, or on none");
    }
  }

  ServerId pick(const pool::Query& query) override {
    const ServerId s = pool::first_in_turn(query, last_, [&](ServerId a, ServerId b) {
      return std::uint64_t{members_[a].conns} * capacity(b) <
             std::uint64_t{members_[b].conns} * capacity(a);
    });
    if (s != kNoServer) last_ = s;
    return s;
  }

 private:
  std::uint64_t capacity(ServerId s) const {
    return by_limit_ ? members_[s].conns_max : members_[s].weight;
  }

  bool by_limit_ = false;
  ServerId last_ = kNoServer;
};

}  // namespace

AlgorithmSpec weighted_least_connections_spec() {
  return make_spec<WeightedLeastConnections>(
      "weighted_least_connections", "the member with the smallest part of its limit in use",
      kAboutMethods);
}

}  // namespace lbsim::algorithms::f5
