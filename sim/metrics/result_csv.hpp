// Time series of a run as CSV, for notebooks and spreadsheets.
#pragma once

#include <string>

#include "metrics/result.hpp"

namespace lbsim {

// Throws InputError unless `folder` is there, or can be made. Empty: nothing is wanted.
void require_csv_folder(const std::string& folder);

// One row per node and minute of the window; the distribution of latencies; what happened.
std::string nodes_csv(const RunResult& result);
std::string latency_csv(const LatencySketch& latency);
std::string events_csv(const RunResult& result);
// One row per window of the recorder, if it has recorded any.
std::string windows_csv(const Recorder& recorder);

// nodes.csv: one row per node and minute; events.csv; latency.csv: the distribution.
void write_csv(const RunResult& result, const std::string& folder);

}  // namespace lbsim
