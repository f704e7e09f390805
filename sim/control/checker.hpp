// A tier's active health checks of the tier behind it: one clock for each member, woken only when a
// member changes.
#pragma once

#include "control/health.hpp"
#include "core/random.hpp"
#include "devices/world.hpp"

namespace lbsim {

template <class K>
class Checker final : public Component<K> {
 public:
  using Verdict = std::function<void(std::uint32_t member, bool up)>;

  // Checks of `members` by `prober`, which is told when a verdict changes; each member's checks
  // start when `config` says, or at a date of its warmup drawn from `random`.
  Checker(World<K>& world, std::string prober, Verdict verdict, Tier<K>& members,
          const HealthCheckConfig& config, Random random);

  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  void power_changed(std::uint32_t member);

  std::string prober_;
  Verdict verdict_;
  Tier<K>& members_;
  bool sees_errors_;
  std::vector<CheckClock> clocks_;
  std::vector<kernel::Handle> pending_;
};

}  // namespace lbsim
