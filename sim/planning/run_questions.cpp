#include "planning/run_questions.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace lbsim::planning {
namespace {

// Batches of a run whose load changes would tell of the change, not of chance.
void require_steady(const PreparedRun& prepared) {
  if (prepared.unsteady.empty()) return;
  throw InputError(
      Diagnostic{.file = {},
                 .field = "--precision",
                 .message = prepared.unsteady + ", so one run has no steady state to measure",
                 .hint = "simulate an hour without, such as --window busiest-hour, or let "
                         "`lbsim compare SCENARIO --precision ...` repeat the whole window"});
}

}  // namespace

RunQuestions::RunQuestions(const QuestionTexts& texts)
    : slo_window_(parse_slo_window(texts.slo_window)) {
  if (!texts.slo.empty()) slo_ = parse_slo(texts.slo);
  if (!texts.precision.empty()) goals_ = parse_precision(texts.precision);
}

void RunQuestions::prepare(PreparedRun& prepared) const {
  if (!goals_.empty()) require_steady(prepared);
  if (!slo_) return;
  if (prepared.plan.windows && prepared.plan.windows->length != slo_window_) {
    throw InputError(Diagnostic{{},
                                0,
                                0,
                                "windows",
                                "are others than those of the SLO",
                                "leave them out, or let both be equally long"});
  }
  prepared.plan.windows = WindowsPlan{{}, slo_window_};
}

RunResult RunQuestions::run(PreparedRun& prepared,
                            const std::function<RunResult(const PreparedRun&)>& body) const {
  if (goals_.empty()) return body(prepared);
  PrecisionWatch watch(goals_, prepared.plan.window.length_s,
                       batch_min_s_of(prepared.plan.site.workload));
  prepared.plan.observe = [&watch](Time now, const Recorder& recorder) {
    return watch.observe(now, recorder);
  };
  RunResult result = body(prepared);
  prepared.plan.observe = {};
  result.precision = watch.results();
  return result;
}

std::string verdict_text(const Slo& slo, const SloVerdict& verdict, const RunResult& result) {
  return fmt::format(
      "SLO {} {}: worst window {}-{}, {}", slo.text, verdict.holds ? "holds" : "breaks",
      clock_text(result.window_start_s + verdict.from_s),
      clock_text(result.window_start_s + verdict.to_s), limit_text(verdict.limit, verdict.value));
}

}  // namespace lbsim::planning
