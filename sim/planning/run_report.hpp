// What a run tells those who did not see it: it ran in another process, or on another machine.
#pragma once

#include <string>
#include <vector>

#include "metrics/result.hpp"
#include "planning/verdict.hpp"

namespace lbsim::planning {

struct RunReport {
  std::string json;              // what `run --json` writes
  std::vector<double> numbers;   // of metrics(), in their order
  std::vector<double> measured;  // by ChildRun::measure
  std::string scenario;
  bool partial = false;
  double page_views_per_day = 0;
  Bottleneck bottleneck;
  Verdict verdict;
  std::string page;  // RunResult::page

  double number(std::string_view metric) const;  // by its name in metrics()
};

RunReport report_of(const RunResult& result);

// As bytes, to pass through a pipe, and back; reading throws Bug if they are none.
std::string packed(const RunReport& report);
RunReport unpacked(const std::string& bytes);

}  // namespace lbsim::planning
