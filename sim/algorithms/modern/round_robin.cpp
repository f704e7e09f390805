// Weighted round robin by earliest deadline first, as in Envoy and gRPC: each pick of a member puts
// its next one 1/weight later. Looks at weights alone. Cost per pick: O(log members).
//
// A member that comes (back) begins 1/weight after the present deadline, as if it had just had its
// turn. Members with equal deadlines go in the order in which they got them.
// Source: https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/
// load_balancers#weighted-round-robin
#include <set>
#include <tuple>

#include "algorithms/modern/specs.hpp"

namespace lbsim::algorithms::modern {
namespace {

class RoundRobin final : public pool::Rule {
 public:
  explicit RoundRobin(const pool::Setting& setting)
      : Rule(setting.members), turns_(setting.members.size()) {
    changed();
  }

  ServerId pick(const pool::Query& query) override {
    for (auto turn = line_.begin(); turn != line_.end(); ++turn) {
      const ServerId s = turn->server;
      if (!query.takes(s)) continue;
      present_ = std::max(present_, turn->deadline);
      line_.erase(turn);
      enter(s, turns_[s].deadline);
      return s;
    }
    return kNoServer;
  }

  void changed() override {
    for (ServerId s = 0; s < members_.size(); ++s) {
      if (members_[s].serving == turns_[s].in_line) continue;
      if (members_[s].serving) {
        enter(s, present_);
      } else {
        line_.erase({turns_[s].deadline, turns_[s].number, s});
        turns_[s].in_line = false;
      }
    }
  }

  std::string describe(ServerId s) const override {
    return "deadline " + std::to_string(turns_[s].deadline);
  }

 private:
  struct Place {
    double deadline;
    std::uint64_t number;  // in the order of entering
    ServerId server;
    bool operator<(const Place& other) const {
      return std::tie(deadline, number) < std::tie(other.deadline, other.number);
    }
  };
  struct Turn {
    bool in_line = false;
    double deadline = 0;
    std::uint64_t number = 0;
  };

  void enter(ServerId s, double after) {
    turns_[s] = {true, after + 1.0 / members_[s].weight, ++entered_};
    line_.insert({turns_[s].deadline, turns_[s].number, s});
  }

  std::set<Place> line_;
  std::vector<Turn> turns_;  // by server
  double present_ = 0;       // deadline of the latest pick
  std::uint64_t entered_ = 0;
};

}  // namespace

AlgorithmSpec round_robin_spec() {
  return make_spec<RoundRobin>("round_robin", "weighted round robin, earliest deadline first",
                               "Envoy, Supported load balancers, weighted round robin");
}

}  // namespace lbsim::algorithms::modern
