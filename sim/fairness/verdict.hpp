// Compares what was measured with a baseline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fairness/baseline.hpp"

namespace lbsim::fairness {

struct Judged {
  std::string algorithm;
  std::string pool;
  std::string metric;
  // Means over batches; of shares, those of the server that differs most.
  std::optional<double> value;     // none: no longer measured
  std::optional<double> baseline;  // none: not in the baseline
  std::optional<double> p;         // none: there is no baseline to compare with
  bool pass = true;
  std::string finding;  // if it did not pass: what is different, in one sentence
};

// In the order of names. Nothing is compared, and all pass.
std::vector<Judged> results_of(const Measurements& measured);

struct Verdict {
  std::vector<Judged> results;
  std::size_t compared_fixed = 0;  // where nothing is drawn: equal or not
  std::size_t compared_drawn = 0;  // by a test; these share `alpha`
  std::size_t failed = 0;
};

// Values where nothing is drawn must be equal: p is 1 or 0. Others are tested: shares by Welch's
// test with Bonferroni's correction for the servers, all others by the exact rank sum test. `alpha`
// is the most that the probability can be that it fails though nothing has changed (Holm's
// correction for the number of tests). What only one side has fails.
Verdict compare(const Measurements& measured, const Measurements& baseline, double alpha);

// p, and the server that differs most (0 for others than shares).
struct Difference {
  double p = 1;
  std::size_t server = 0;
};
Difference difference(const Value& value, const Value& baseline);

// The meaning of a metric for people: "part of the requests at the wrong server".
std::string meaning(const std::string& metric);

}  // namespace lbsim::fairness
