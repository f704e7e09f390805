// Runs in child processes: what comes back, in which order, and what becomes of those that die.
#include "planning/child_runs.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "../site/sites.hpp"
#include "core/check.hpp"
#include "core/error.hpp"
#include "planning/metric.hpp"

namespace lbsim::planning {
namespace {

using namespace lbsim::testing;
using Watch = std::function<bool(const Progress&)>;

// A site of one server, half busy, for `length_s`.
RunPlan small(std::uint64_t seed, double length_s) {
  RunPlan p = plan({servers(1, 1, 1.0)}, 2, 1, length_s);
  p.site.seed = seed;
  return p;
}

ChildRun run_of(std::uint64_t seed, double length_s = 60) {
  return {"seed " + std::to_string(seed), [=](const Watch& watch) {
            RunPlan p = small(seed, length_s);
            p.progress = watch;
            return lbsim::testing::run(p);
          }};
}

ChildRun death_by(int signal) {
  return {"a sick run", [=](const Watch&) -> RunResult {
            raise(signal);
            pause();
            return {};
          }};
}

TEST(ChildRuns, AnswerInTheOrderOfTheListWithTheBytesOfARunHere) {
  // The first takes longest, so it ends last.
  const std::vector<ChildRun> runs = {run_of(1, 20000), run_of(2), run_of(3), run_of(4)};
  std::vector<std::size_t> ends;
  const auto reports =
      run_in_children(runs, {.jobs = 2,
                             .stops = {},
                             .ended = [&](std::size_t i, const RunReport&) { ends.push_back(i); },
                             .progress = {}});
  ASSERT_EQ(reports.size(), 4u);
  for (std::uint64_t i = 0; i < 4; ++i) {
    const RunResult here = lbsim::testing::run(small(i + 1, i == 0 ? 20000 : 60));
    ASSERT_TRUE(reports[i]);
    EXPECT_EQ(reports[i]->json, to_json(here));
    EXPECT_EQ(reports[i]->verdict.why, verdict_of(here).why);
    EXPECT_DOUBLE_EQ(reports[i]->number("p99"), here.recorder.latency().quantile_s(0.99) * 1e3);
    EXPECT_DOUBLE_EQ(reports[i]->number("errors"), error_share(here) * 100);
  }
  EXPECT_EQ(ends, (std::vector<std::size_t>{1, 2, 3, 0}));
}

TEST(ChildRuns, TellHowFarTheyAre) {
  std::vector<double> seen;
  run_in_children({run_of(1, 20000)},
                  {.jobs = 1, .stops = {}, .ended = {}, .progress = [&](double done) {
                     seen.push_back(done);
                   }});
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_TRUE(std::any_of(seen.begin(), seen.end(), [](double d) { return d > 0 && d < 1; }));
  EXPECT_EQ(seen.back(), 1);
}

TEST(ChildRuns, ThatAreStoppedComeBackPartialAndNoMoreBegin) {
  bool first_ended = false;
  const auto reports = run_in_children(
      {run_of(1), run_of(2, 86400.0 * 50), run_of(3)},
      {.jobs = 1,
       .stops = [&] { return first_ended; },
       .ended = [&](std::size_t, const RunReport& r) { first_ended = r.number("requests") > 0; },
       .progress = {}});
  ASSERT_TRUE(reports[0]);
  EXPECT_FALSE(reports[0]->partial);
  EXPECT_FALSE(reports[1]) << "it had not begun";
  const auto under_way =
      run_in_children({run_of(2, 86400.0 * 50)},
                      {.jobs = 1, .stops = [] { return true; }, .ended = {}, .progress = {}});
  EXPECT_TRUE(!under_way[0] || under_way[0]->partial);
}

TEST(ChildRuns, ThatCrashAreABugOfLbsimAndThatAreKilledAreNot) {
  const auto run = [](ChildRun sick) {
    return run_in_children({run_of(1), std::move(sick), run_of(2, 86400.0 * 50)},
                           {.jobs = 3, .stops = {}, .ended = {}, .progress = {}});
  };
  try {
    run(death_by(SIGABRT));
    FAIL() << "nobody told of the crash";
  } catch (const Bug& bug) {
    EXPECT_STREQ(bug.what(), "the run of a sick run died of signal 6 (Aborted)");
  }
  EXPECT_THROW(run(death_by(SIGKILL)), RunKilled);
  EXPECT_THROW(run({"silent", [](const Watch&) -> RunResult { _exit(0); }}), Bug);
}

TEST(ChildRuns, BringTheirErrorsBackAsTheyWere) {
  const Diagnostic mistake{"a.toml", 3, 7, "vip.mode", "is no mode", "write dr"};
  const ChildRun wrong{"w", [&](const Watch&) -> RunResult { throw InputError(mistake); }};
  const ChildRun bug{"w", [](const Watch&) -> RunResult { throw Bug("2 != 3"); }};
  const ChildRunsOptions alone{.jobs = 1, .stops = {}, .ended = {}, .progress = {}};
  try {
    run_in_children({wrong}, alone);
    FAIL() << "the mistake was lost";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), mistake.text().c_str());
  }
  EXPECT_THROW(run_in_children({bug}, alone), Bug);
}

}  // namespace
}  // namespace lbsim::planning
