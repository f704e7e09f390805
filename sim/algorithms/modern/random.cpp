// A member drawn at random in proportion to its weight. Used by most proxies and meshes. Looks at
// weights alone. Cost per pick: one draw, O(log members), O(1) with equal weights.
//
// Source: https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/
// load_balancers#random
#include "algorithms/modern/specs.hpp"
#include "algorithms/pool/draws.hpp"

namespace lbsim::algorithms::modern {
namespace {

class RandomDraw final : public pool::Rule {
 public:
  explicit RandomDraw(const pool::Setting& setting)
      : Rule(setting.members), draws_(setting.members, setting.seed) {}

  ServerId pick(const pool::Query& query) override { return draws_.one(query); }
  void changed() override { draws_.changed(); }

 private:
  pool::Draws draws_;
};

}  // namespace

AlgorithmSpec random_spec() {
  return make_spec<RandomDraw>("random", "a member drawn by weight",
                               "Envoy, Supported load balancers, random");
}

}  // namespace lbsim::algorithms::modern
