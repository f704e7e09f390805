// Predictive (member): a rotation by ratios that follow the trend of connection counts. Looks at
// the pool's own counters, once a second. Cost per pick: O(members).
//
// Published (AskF5 K6406): every second each member's count is compared with the previous one; if
// it has grown its ratio is reduced, if it has fallen the ratio is raised, if it is unchanged so is
// the ratio; connections then go by the ratios, preferring the greatest. F5's training material
// gives 1 and 4 as the ratios of members that do worse and better. Chosen: steps of one
// within 1..4, beginning at 2; whole seconds of the clock; Ratio's rotation. Source:
// https://my.f5.com/manage/s/article/K6406
#include "algorithms/f5/ratios.hpp"
#include "algorithms/f5/specs.hpp"

namespace lbsim::algorithms::f5 {
namespace {

constexpr std::uint32_t kLowest = 1;
constexpr std::uint32_t kFirst = 2;
constexpr std::uint32_t kHighestRatio = 4;

class Predictive final : public ObservedRatios {
 public:
  explicit Predictive(const pool::Setting& setting)
      : ObservedRatios(setting.members, kFirst), before_(setting.members.size(), 0) {}

 protected:
  void observe(std::vector<std::uint32_t>& ratios) override {
    for (ServerId s = 0; s < members_.size(); ++s) {
      const std::uint32_t count = members_[s].conns;
      if (count > before_[s] && ratios[s] > kLowest) --ratios[s];
      if (count < before_[s] && ratios[s] < kHighestRatio) ++ratios[s];
      before_[s] = count;
    }
  }

 private:
  std::vector<std::uint32_t> before_;  // connections a second ago
};

}  // namespace

AlgorithmSpec predictive_spec() {
  return make_spec<Predictive>(
      "predictive", "a rotation by ratios that follow the connections' trend", kDynamicMethods);
}

}  // namespace lbsim::algorithms::f5
