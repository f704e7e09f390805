// Round Robin, BIG-IP's default: each new connection goes to the next member in line. Looks at
// nothing else, not at weights either. Cost per pick: O(1) while all members may be taken.
//
// Source: BIG-IP Local Traffic Management, "About load balancing methods".
#include "algorithms/f5/specs.hpp"
#include "algorithms/pool/turns.hpp"

namespace lbsim::algorithms::f5 {
namespace {

class RoundRobin final : public pool::Rule {
 public:
  explicit RoundRobin(const pool::Setting& setting) : Rule(setting.members) {}

  ServerId pick(const pool::Query& query) override {
    const ServerId s = pool::next_in_turn(query, members_, last_);
    if (s != kNoServer) last_ = s;
    return s;
  }

  std::string describe() const override {
    return last_ == kNoServer ? "" : "last " + std::to_string(last_);
  }

 private:
  ServerId last_ = kNoServer;
};

}  // namespace

AlgorithmSpec round_robin_spec() {
  return make_spec<RoundRobin>("round_robin", "the next member in line", kAboutMethods);
}

}  // namespace lbsim::algorithms::f5
