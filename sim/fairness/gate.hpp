// Measures algorithms and holds them against a baseline: what `lbsim fairness` and Python do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fairness/report.hpp"

namespace lbsim::fairness {

// Throws InputError unless `alpha`, of the field `--alpha`, is a probability between 0 and 1.
void check_alpha(double alpha);

// A seed from the system's entropy, small enough to be typed. Throws InputError.
std::uint64_t fresh_seed();

// The part of the baseline that is of the subjects.
Measurements part_of(const Measurements& baseline, const std::vector<Subject>& subjects);

struct Gate {
  std::vector<std::string> algorithms;  // names as in chosen_subjects(); none: all
  std::string baseline;                 // a file; empty: nothing is compared
  double alpha = 0.001;
  std::uint64_t seed = 1;
};

struct Passage {
  Measurements measured;
  Verdict verdict;        // without a baseline all pass
  bool compared = false;  // there is a baseline

  std::string table() const;
  std::string findings(double alpha) const;  // empty without a baseline
};

// Throws InputError, or Stopped if `watch` says so.
Passage pass_gate(const Gate& gate, const Watch& watch = {});

// Measures the algorithms anew and writes the baseline. Returns what changed, for people.
std::string renew_baseline(const Gate& gate, const Watch& watch = {});

}  // namespace lbsim::fairness
