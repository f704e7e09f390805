#include "planning/run_questions.hpp"

#include <gmock/gmock.h>

#include "core/error.hpp"

namespace lbsim::planning {
namespace {

using testing::HasSubstr;

const std::string kNginx = std::string(LBSIM_SCENARIOS) + "/nginx.toml";

PreparedRun prepared(const std::string& window, const std::string& windows = "") {
  RunRequest request;
  request.page_views = "1M";
  request.window = window;
  request.duration = window == "day" ? "" : "20s";
  request.windows = windows;
  return prepare(kNginx, request);
}

RunResult answered(const RunQuestions& questions) {
  PreparedRun run = prepared("busiest-hour");
  questions.prepare(run);
  return questions.run(run, [](const PreparedRun& asked) { return run_here(asked, {}); });
}

template <class Work>
std::string refusal(Work work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(RunQuestions, AnSloIsJudgedInItsOwnWindows) {
  const RunQuestions questions({"p99<=1ms", "10s", ""});
  const RunResult result = answered(questions);
  const SloVerdict verdict = questions.verdict(result);
  EXPECT_FALSE(verdict.holds);
  EXPECT_DOUBLE_EQ(verdict.to_s - verdict.from_s, 10);
  EXPECT_THAT(verdict_text(*questions.slo(), verdict, result),
              testing::StartsWith("SLO p99<=1ms breaks: worst window 21:00"));
}

TEST(RunQuestions, ARunThatIsTooShortForAPrecisionSaysWhatItLacks) {
  const RunResult result = answered(RunQuestions({"", "5m", "p99:0.1%"}));
  ASSERT_EQ(result.precision.size(), 1U);
  EXPECT_FALSE(result.precision.front().reached);
  EXPECT_NE(result.precision.front().lacks, "");
}

TEST(RunQuestions, WithoutAnyTheRunIsAsItWas) {
  const RunQuestions none({});
  PreparedRun run = prepared("busiest-hour");
  none.prepare(run);
  EXPECT_FALSE(run.plan.windows.has_value());
  EXPECT_FALSE(none.slo().has_value());
  EXPECT_EQ(to_json(answered(none)), to_json(run_here(run, {})));
}

TEST(RunQuestions, WhatCannotBeAnsweredIsRefusedBeforeTheRun) {
  PreparedRun day = prepared("day");
  EXPECT_THAT(refusal([&] {
                RunQuestions({"", "5m", "p99:2%"}).prepare(day);
              }),
              HasSubstr("no steady state"));
  PreparedRun others = prepared("busiest-hour", "60s");
  EXPECT_THAT(refusal([&] {
                RunQuestions({"p99<=1ms", "5m", ""}).prepare(others);
              }),
              HasSubstr("windows"));
  EXPECT_EQ(refusal([&] { RunQuestions({"p99<=1ms", "60s", ""}).prepare(others); }), "");
  EXPECT_THAT(refusal([] { RunQuestions({"p98<=1ms", "5m", ""}); }), HasSubstr("--slo"));
  EXPECT_THAT(refusal([] { RunQuestions({"", "noon", ""}); }), HasSubstr("--slo-window"));
}

}  // namespace
}  // namespace lbsim::planning
