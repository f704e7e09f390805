// A pool that picks what a recorded balancer picked: the k-th request to come gets the server that
// the k-th recorded one had. With limits of connections it waits here until its server has a slot.
#pragma once

#include <memory>

#include "algorithms/upstream.hpp"
#include "validation/recorded_run.hpp"

namespace lbsim::validation {

// The run must outlive the pool.
std::unique_ptr<algorithms::Upstream> make_recorded_pool(const RecordedRun& run);

}  // namespace lbsim::validation
