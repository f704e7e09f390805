// Where users come from: a stream of sessions in the order of their times.
#pragma once

#include <cstdint>

#include "algorithms/upstream.hpp"
#include "core/time.hpp"

namespace lbsim {

struct Arrival {
  Time at{};               // from the start of the simulated window
  std::uint64_t seed = 0;  // of the session's own draws
  // One logged or recorded request instead of a user's session:
  bool from_log = false;
  bool is_document = true;  // else what a page refers to
  algorithms::Address client;
  std::uint32_t bytes = 0;
  std::uint16_t status = 0;
  std::uint32_t number = 0;  // the source's own, for Recorder::requests()
  float work_s = -1;         // seconds of one core at speed 1; below 0: drawn as the workload says
};

class ArrivalSource {
 public:
  virtual ~ArrivalSource() = default;
  // The next one, not before the last; false when there are no more.
  virtual bool next(Arrival& arrival) = 0;
};

}  // namespace lbsim
