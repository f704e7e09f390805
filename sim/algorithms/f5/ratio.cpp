// Ratio (member): a static rotation in which a member's part is its ratio, here its weight. Looks
// at nothing else. Cost per pick: O(members).
//
// Published: "distributes connections among pool members in a static rotation according to ratio
// weights"; by F5's training material, ratios 3:2:1:1 give each member one connection, then those
// with 2 or more, then those with 3, and begin anew.
// Source: BIG-IP Local Traffic Management, "About load balancing methods".
#include "algorithms/f5/ratios.hpp"
#include "algorithms/f5/specs.hpp"

namespace lbsim::algorithms::f5 {
namespace {

class Ratio final : public pool::Rule {
 public:
  explicit Ratio(const pool::Setting& setting) : Rule(setting.members) {}

  ServerId pick(const Query& query) override {
    return rotation_.pick(query, members_, [&](ServerId s) { return members_[s].weight; });
  }

  std::string describe() const override { return rotation_.describe(); }

 private:
  Rotation rotation_;
};

}  // namespace

AlgorithmSpec ratio_spec() {
  return make_spec<Ratio>("ratio", "a rotation with as many turns for a member as its weight says",
                          kAboutMethods);
}

}  // namespace lbsim::algorithms::f5
