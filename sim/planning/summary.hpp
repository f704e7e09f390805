// A run, for a person to read in ten seconds.
#pragma once

#include <string>
#include <vector>

#include "metrics/result.hpp"
#include "planning/run_report.hpp"

namespace lbsim {

std::string summary_text(const RunResult& result);

// Runs side by side: one row each, then who holds, who breaks, and why.
std::string comparison_text(const std::vector<planning::RunReport>& runs);

std::string count_text(double number);       // "27,781"
std::string page_views_text(double number);  // "100M"

}  // namespace lbsim
