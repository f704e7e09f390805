// A recorded run as a site: the recorded arrivals and demands, a proxy tier of one worker with the
// recorded algorithm, the recorded servers and faults; run on the native kernel as any scenario is.
#pragma once

#include <cstdint>
#include <vector>

#include "metrics/recorder.hpp"
#include "validation/recorded_run.hpp"

namespace lbsim::validation {

struct ReplayPlan {
  bool recorded_picks = false;         // else the algorithm picks
  std::optional<std::uint64_t> seed;   // of the algorithm; none: the recorded one
  std::vector<double> delays_us = {};  // by request: sent so much later, or earlier; may be empty
};

// What became of each request, in the order of the run's requests. Latencies are from the sending
// that was recorded.
std::vector<RequestRecord> replay_site(const RecordedRun& run, const ReplayPlan& plan);

}  // namespace lbsim::validation
