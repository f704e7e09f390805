// Least Sessions: the member with the fewest entries in the persistence table. Looks at that table,
// so it needs `sticky = client`. Cost per pick: O(members).
//
// Published: the fewest entries take the connection; the virtual server needs a persistence profile
// that keeps a table, such as source address affinity; cookie persistence does not. Not published:
// ties (here they take turns).
// Source: BIG-IP Local Traffic Management, "About load balancing methods".
#include "algorithms/f5/specs.hpp"
#include "algorithms/pool/turns.hpp"

namespace lbsim::algorithms::f5 {
namespace {

class LeastSessions final : public pool::Rule {
 public:
  explicit LeastSessions(const pool::Setting& setting) : Rule(setting.members) {
    if (setting.parameters.text("sticky") == "client") return;
    reject("sticky", "least_sessions counts the clients that stick to a member", "client");
  }

  ServerId pick(const pool::Query& query) override {
    const ServerId s = pool::first_in_turn(query, last_, [&](ServerId a, ServerId b) {
      return members_[a].sessions < members_[b].sessions;
    });
    if (s != kNoServer) last_ = s;
    return s;
  }

 private:
  ServerId last_ = kNoServer;
};

}  // namespace

AlgorithmSpec least_sessions_spec() {
  return make_spec<LeastSessions>("least_sessions", "the member with the fewest sticky clients",
                                  kAboutMethods, {}, "client");
}

}  // namespace lbsim::algorithms::f5
