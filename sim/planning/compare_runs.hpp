// The runs of a comparison: scenarios on shared seeds, as many replications as were asked for or as
// it takes.
#pragma once

#include <functional>
#include <vector>

#include "planning/child_runs.hpp"
#include "planning/compare.hpp"
#include "planning/precision.hpp"

namespace lbsim::planning {

struct CompareRuns {
  std::vector<std::function<ChildRun(std::uint64_t seed)>> scenarios;
  std::uint64_t first_seed = 1;  // of the first replication, shared by all scenarios
  int replications = 0;          // 0: one, or with goals as many as it takes
  std::vector<PrecisionGoal> goals;

  // Each may be empty: is it to end now; so many of so many runs are done, parts included.
  std::function<bool()> stops;
  std::function<void(double done, std::size_t all)> progress;
};

// When replications are looked at that go on until their precision is reached: after 5, and again
// whenever there are about 1.4 times as many. Two looks in a row must agree, for the reason that
// PrecisionWatch gives.
class PrecisionLooks {
 public:
  explicit PrecisionLooks(int most);

  int next() const { return next_; }  // replications to be made until the next look
  // What that look found. True: no more are wanted.
  bool is_enough(bool met);

 private:
  int most_;
  int next_;
  bool met_before_ = false;
};

// What there is when `stops` says so may be partial.
Comparison compare_runs(const CompareRuns& request);

bool are_reached(const std::vector<ComparedPrecision>& found);

}  // namespace lbsim::planning
