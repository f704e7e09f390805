// Looks up from the work now and then: tells how far the run is, notices an interruption, ends the
// window, and stops the kernel when nothing is left to wait for.
#pragma once

#include "devices/clients.hpp"
#include "site/run.hpp"

namespace lbsim {

template <class K>
class Ticker final : public Component<K> {
 public:
  Ticker(World<K>& world, const RunPlan& plan);
  void start();

  // From the start; before the plan's if an observer ended it.
  Time end_of_window() const { return end_; }
  bool interrupted() const { return interrupted_; }
  std::uint32_t in_flight_max() const { return in_flight_max_; }

  void on(int kind, kernel::Token token, kernel::Outcome outcome) override;

 private:
  enum Kind { kTick, kEndOfWindow, kObserve };

  void observe();

  const RunPlan& plan_;
  kernel::LaneId lane_;
  Duration step_;
  Time end_;
  bool interrupted_ = false;
  std::uint32_t in_flight_max_ = 0;
};

}  // namespace lbsim
