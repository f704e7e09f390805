// Observed (member): a rotation by ratios that the system gives by connection counts. Looks at the
// pool's own counters, once a second. Cost per pick: O(members).
//
// Published (AskF5 K6406): every second the number of connections of each member is observed and a
// ratio assigned; connections then go by the ratios, preferring the greatest. F5's training
// material adds: ratio 3 for members with fewer connections than the average, 2 for those with
// more. Chosen: a member at the average has 3; seconds are whole seconds of the clock; the rotation
// is that of Ratio. Source: https://my.f5.com/manage/s/article/K6406
#include "algorithms/f5/ratios.hpp"
#include "algorithms/f5/specs.hpp"

namespace lbsim::algorithms::f5 {
namespace {

constexpr std::uint32_t kBelowAverage = 3;
constexpr std::uint32_t kAboveAverage = 2;

class Observed final : public ObservedRatios {
 public:
  explicit Observed(const pool::Setting& setting)
      : ObservedRatios(setting.members, kBelowAverage) {}

 protected:
  void observe(std::vector<std::uint32_t>& ratios) override {
    for (ServerId s = 0; s < members_.size(); ++s) {
      const bool above =
          std::uint64_t{members_[s].conns} * members_.serving().size() > members_.serving_conns();
      ratios[s] = above ? kAboveAverage : kBelowAverage;
    }
  }
};

}  // namespace

AlgorithmSpec observed_spec() {
  return make_spec<Observed>("observed", "a rotation by ratios from each second's connections",
                             kDynamicMethods);
}

}  // namespace lbsim::algorithms::f5
