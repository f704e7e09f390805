// A whole site on one kernel: builds the devices from the configuration, lets users in, applies the
// faults, and ends when the window is over and every request has its outcome.
#pragma once

#include <memory>

#include "devices/clients.hpp"
#include "devices/names.hpp"
#include "site/faults.hpp"
#include "site/run.hpp"
#include "site/ticker.hpp"

namespace lbsim {

template <class K>
class Site {
 public:
  Site(K& kernel, const RunPlan& plan, ArrivalSource& arrivals, Recorder& recorder);

  // Returns whether it was interrupted.
  bool run();

  // Of the kernel's sink.
  void start();
  void on(kernel::Token token, kernel::Outcome outcome) {
    ++events_;
    world_.dispatch(token, outcome);
  }

  std::uint64_t events() const { return events_; }
  std::uint32_t in_flight_max() const { return ticker_->in_flight_max(); }
  double window_s() const { return to_seconds(ticker_->end_of_window()); }
  const std::vector<std::string>& notes() const { return faults_->notes(); }

 private:
  void end_unfinished();

  World<K> world_;
  const RunPlan& plan_;
  std::unique_ptr<Transport<K>> transport_;
  std::unique_ptr<Names<K>> names_;
  std::unique_ptr<Clients<K>> clients_;
  std::unique_ptr<Faults<K>> faults_;
  std::unique_ptr<Ticker<K>> ticker_;
  std::uint64_t events_ = 0;
};

}  // namespace lbsim
