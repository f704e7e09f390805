// Time series of a run as CSV, for notebooks and spreadsheets.
#pragma once

#include <string>

#include "metrics/result.hpp"

namespace lbsim {

// Throws InputError unless `folder` is there, or can be made. Empty: nothing is wanted.
void require_csv_folder(const std::string& folder);

// nodes.csv: one row per node and minute; events.csv; latency.csv: the distribution.
void write_csv(const RunResult& result, const std::string& folder);

}  // namespace lbsim
