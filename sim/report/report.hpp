// A run, or several side by side, as one HTML file that opens without a network: the page
// (page.html, its style and its scripts), the chart library and the numbers as JSON are all in it.
// The page reads the numbers and writes every name as text, so no name can become markup.
#pragma once

#include <string>
#include <vector>

#include "metrics/result.hpp"
#include "planning/child_runs.hpp"

namespace lbsim::report {

// The numbers of one run, with a timeline (RunPlan::keep_timeline), as JSON: {"result", "window",
// "page_views_per_day", "verdict", "timeline", "minutes", "scenario"}. `result` is what --json
// writes. A timeline has its interval in s, and a row for each: [ended by outcome..., mean, p50,
// p90, p99, max in ms].
std::string run_json(const RunResult& result);

// The same run, whose report (RunResult::page) is its numbers; it must keep a timeline.
planning::ChildRun with_page(planning::ChildRun run);

struct Page {
  std::vector<std::string> runs;   // of run_json(), one at least
  std::string differences = "[]";  // as in `compare --json`
  std::string version;
  std::string command;  // that makes this page again
};

std::string to_html(const Page& page);

}  // namespace lbsim::report
