// The facts of a rate series: kind "series", or "table" for the hourly form with its date in
// columns.
#pragma once

#include "workload/json_text.hpp"
#include "workload/rate_series.hpp"

namespace lbsim::workload {

// * points: steps from the first index to the last; points_given: rows in the file.
// * max_at_index: of the first maximum. longest_zero_run: the first of the longest.
// * requests_per_whole_day: days counted from the first index, the last partial day dropped.
// * peak_60s_from_first_index: the busiest of consecutive minutes (steps below a minute only).
// Every field but "kind" and those of the file itself.
Json series_facts(const RateSeries& series);

}  // namespace lbsim::workload
