// Tests of whether two samples come from one distribution.
#pragma once

#include <cstddef>
#include <vector>

namespace lbsim::fairness {

// P(|T| >= |t|) of Student's distribution with `degrees` > 0 degrees of freedom.
double student_two_sided(double t, double degrees);

struct Sample {
  double mean = 0;
  double variance = 0;
  double count = 0;
};

// Two-sided p of Welch's test of equal means: B. L. Welch, Biometrika 34 (1947) 28-35. For means of
// many picks, which are normal enough.
double welch_test(const Sample& a, const Sample& b);

// Two-sided p of the Wilcoxon-Mann-Whitney rank sum test, exact for any distribution and any ties:
// all ways to draw the smaller sample's ranks (midranks) from those of both are counted. F.
// Wilcoxon, Biometrics 1 (1945) 80-83. At most 100 values in all.
double rank_sum_test(const std::vector<double>& a, const std::vector<double>& b);

// Which of the hypotheses are rejected so that any false rejection at all has at most probability
// `alpha`, however they depend on each other: S. Holm, Scand. J. Statist. 6 (1979) 65-70.
std::vector<bool> holm(const std::vector<double>& p, double alpha);

}  // namespace lbsim::fairness
