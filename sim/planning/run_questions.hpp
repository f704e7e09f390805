// What may be asked of one run besides what it finds: whether it keeps an SLO, and to go on until
// something is known well. For `run` and Python.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "planning/precision.hpp"
#include "planning/prepared_run.hpp"
#include "planning/slo.hpp"

namespace lbsim::planning {

// As people write them; empty: not asked.
struct QuestionTexts {
  std::string slo;
  std::string slo_window = "5m";
  std::string precision;
};

class RunQuestions {
 public:
  // Throws InputError that names --slo, --slo-window or --precision.
  explicit RunQuestions(const QuestionTexts& texts);

  // Has the run record what the answers need. Throws InputError if a precision is asked of a run
  // without a steady state, or an SLO of one that records other windows.
  void prepare(PreparedRun& prepared) const;

  // What `body` does with `prepared`, which it runs until all is known that was asked.
  RunResult run(PreparedRun& prepared,
                const std::function<RunResult(const PreparedRun&)>& body) const;

  const std::optional<Slo>& slo() const { return slo_; }
  // Whether every window of the run keeps the SLO. There must be one, and the run must be whole.
  SloVerdict verdict(const RunResult& result) const { return judge(slo_.value(), result); }

 private:
  std::optional<Slo> slo_;
  Duration slo_window_{};
  std::vector<PrecisionGoal> goals_;
};

// "SLO p99<=300ms holds: worst window 21:00-21:05, p99 180 ms <= 300 ms".
std::string verdict_text(const Slo& slo, const SloVerdict& verdict, const RunResult& result);

}  // namespace lbsim::planning
