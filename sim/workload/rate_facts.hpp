// How requests spread over time, from the counts of every second that had any.
#pragma once

#include "workload/json_text.hpp"
#include "workload/tally.hpp"

namespace lbsim::workload {

// The field "rate" of a log's facts (log_facts.hpp). `seconds` is not empty.
Json rate_facts(Tally& seconds);

}  // namespace lbsim::workload
