// Users who come at times that somebody else drew: a measured process, or a model of one's own.
#pragma once

#include <memory>
#include <vector>

#include "workload/arrival.hpp"

namespace lbsim {

// Seconds from the start of the simulated window at which users begin their sessions.
using ArrivalTimes = std::shared_ptr<const std::vector<double>>;

// Throws InputError about the field `arrivals` unless the times are finite, not negative and in
// order.
void check_arrival_times(const std::vector<double>& times_s);

class GivenArrivals final : public ArrivalSource {
 public:
  // The times have been checked; those after `length_s` are left out.
  GivenArrivals(ArrivalTimes times_s, double length_s, std::uint64_t seed);

  bool next(Arrival& arrival) override;

 private:
  ArrivalTimes times_s_;
  double length_s_;
  std::uint64_t seed_;
  std::size_t next_ = 0;
};

}  // namespace lbsim
