// Applies the scenario's faults at their times. Nothing else is told: detecting them is the
// business of health checks, elections, timeouts.
#pragma once

#include "devices/world.hpp"
#include "workload/page_arrivals.hpp"

namespace lbsim {

template <class K>
class Faults final : public Component<K> {
 public:
  Faults(World<K>& world, Window window) : Component<K>(world), window_(window) {}
  void start();

  // Faults that lie outside the window and so do not happen.
  const std::vector<std::string>& notes() const { return notes_; }

  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  struct Target {
    Tier<K>* tier = nullptr;
    std::uint32_t node = 0;
  };

  Target find(const std::string& name) const;
  void apply(const FaultConfig& fault);

  Window window_;
  std::vector<std::string> notes_;
};

}  // namespace lbsim
