// A gate is worth what it catches: each rule is as its own baseline says, and with one fault is
// not.
#include <gmock/gmock.h>

#include "fairness/verdict.hpp"
#include "toy.hpp"

namespace lbsim::fairness::test {
namespace {

// As the program, but without the many batches that see a share of 1 %; see power_test.cpp.
constexpr Effort kBaseline{20, 0, 1};
constexpr Effort kCheck{12, 0, 1};
// The program's default, shared by as many tests as the whole catalog has.
constexpr double kAlpha = 0.001;
constexpr double kTestsOfTheCatalog = 4500;

Verdict judged(const Subject& subject, const Measurements& baseline, std::uint64_t seed) {
  Measurements measured;
  measured[subject.name] = measure(subject, kCheck, seed);
  const double tests = static_cast<double>(compare(measured, baseline, kAlpha).compared_drawn);
  return compare(measured, baseline, kAlpha * std::max(1.0, tests) / kTestsOfTheCatalog);
}

const Measurements& baseline_of(Rule rule) {
  static std::map<Rule, Measurements> made;
  if (!made.contains(rule)) made[rule][toy(rule).name] = measure(toy(rule), kBaseline, 1);
  return made[rule];
}

struct Mutant {
  const char* what;
  Rule rule;
  Fault fault;
};
void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.what; }

class Mutants : public testing::TestWithParam<Mutant> {};

TEST_P(Mutants, AreNoticedWhileTheRightRuleIsAsItWas) {
  const Mutant& mutant = GetParam();
  const Measurements& baseline = baseline_of(mutant.rule);
  const Verdict right = judged(toy(mutant.rule), baseline, 2);
  EXPECT_EQ(right.failed, 0u);
  EXPECT_GT(right.results.size(), 50u);
  const Verdict wrong = judged(toy(mutant.rule, mutant.fault), baseline, 3);
  EXPECT_GT(wrong.failed, 0u) << mutant.what;
  for (const Judged& result : wrong.results) {
    EXPECT_EQ(result.pass, result.finding.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, Mutants,
    testing::Values(
        Mutant{"a cycle that leaves out the last", Rule::cycle, Fault::cycle_too_short},
        Mutant{"the last instead of the first on ties", Rule::least, Fault::ties_to_the_last},
        Mutant{"the last on ties of turns", Rule::smooth, Fault::ties_to_the_last},
        Mutant{"a dropped tie-break", Rule::least, Fault::ties_dropped},
        Mutant{"weight ignored", Rule::smooth, Fault::weight_ignored},
        Mutant{"weight ignored beside load", Rule::least, Fault::weight_ignored},
        Mutant{"weight squared", Rule::smooth, Fault::weight_squared},
        Mutant{"weight squared where servers are drawn", Rule::two, Fault::weight_squared},
        Mutant{"a missed weight change", Rule::smooth, Fault::weight_change_missed},
        Mutant{"a missed weight change, drawn", Rule::two, Fault::weight_change_missed},
        Mutant{"modulo instead of a consistent hash", Rule::hash, Fault::modulo_hash},
        Mutant{"a second choice with replacement", Rule::two, Fault::drawn_with_replacement},
        Mutant{"only waiting requests counted", Rule::least, Fault::counts_waiting_only},
        Mutant{"a server that never recovers", Rule::smooth, Fault::never_recovers},
        Mutant{"one that never recovers, drawn", Rule::two, Fault::never_recovers},
        Mutant{"slow start ignored", Rule::smooth, Fault::slow_start_ignored},
        Mutant{"sessions lost on a change", Rule::smooth, Fault::sessions_lost},
        Mutant{"sessions lost on a change, drawn", Rule::two, Fault::sessions_lost}));

TEST(Findings, NameTheServerThatGetsTooMuchAndByHowMuch) {
  Measurements baseline;
  Measurements measured;
  baseline["a/b"]["equal-2"]["shares"] = {Kind::shares, {0.5, 0.5}, {1e-6, 1e-6}, 400};
  measured["a/b"]["equal-2"]["shares"] = {Kind::shares, {0.49, 0.51}, {1e-6, 1e-6}, 100};
  const Verdict verdict = compare(measured, baseline, 0.001);
  ASSERT_EQ(verdict.failed, 1u);
  EXPECT_THAT(verdict.results[0].finding,
              testing::StartsWith("a/b, equal-2: server 0's share of the requests is 0.49, in the "
                                  "baseline 0.5 (-2 %); p = "));
}

TEST(Findings, TellOfValuesThatOnlyOneSideHas) {
  Measurements baseline;
  Measurements measured;
  baseline["a/b"]["equal-2"]["jain"] = {Kind::fixed, {1}, {}, 0};
  measured["a/b"]["equal-2"]["longest_run"] = {Kind::fixed, {1}, {}, 0};
  const Verdict verdict = compare(measured, baseline, 0.001);
  ASSERT_EQ(verdict.results.size(), 2u);
  EXPECT_EQ(verdict.failed, 2u);
  EXPECT_THAT(verdict.results[0].finding, testing::HasSubstr("is not in the baseline"));
  EXPECT_THAT(verdict.results[1].finding, testing::HasSubstr("is no longer measured"));
}

TEST(Findings, TellWhenAValueIsDrawnThatWasNot) {
  Measurements baseline;
  Measurements measured;
  baseline["a/b"]["equal-2"]["jain"] = {Kind::fixed, {1}, {}, 0};
  measured["a/b"]["equal-2"]["jain"] = {Kind::batches, {1, 1}, {}, 0};
  EXPECT_THAT(compare(measured, baseline, 0.001).results.at(0).finding,
              testing::EndsWith("is drawn now, and was not in the baseline"));
}

}  // namespace
}  // namespace lbsim::fairness::test
