// Does a point keep an SLO? Asked of replications until the answer is sure enough.
#pragma once

#include <cstdint>
#include <vector>

namespace lbsim::planning {

enum class Answer : std::uint8_t { holds, breaks, unknown };

// What a replication tells of a limit: a sum over its requests (excess_of) whose expectation is
// above 0 exactly where the limit is exceeded, and the part of the sum that the limit allows
// (bound_of); `excess` + `bound` is never below 0.
struct Excess {
  double excess = 0;
  double bound = 0;
};

// A group-sequential t test. After 4, 8 and 16 replications it looks: `holds` if the mean of every
// limit's excess is below 0, `breaks` if that of one is above 0, each at a level that the looks and
// the limits share out of `chance` (Bonferroni).
//
// Sums over queues are skewed to the right, and so is what tells `holds` falsely: a mean that is
// small by accident comes with a deviation that is small, too. So `holds` must also pass the test
// of the cube root of mean + bound, which of gamma distributed sums is about normal (Wilson and
// Hilferty, Proceedings of the National Academy of Sciences 17, 1931; the deviation by the delta
// method), and levels are a third of their share. tests/planning/edge_test.cpp measures what
// remains: the probability of a wrong answer is at most `chance` if sums over a replication have a
// skewness of 1 at most. stretches_of() makes them long enough for that where it can.
class SequentialTest {
 public:
  static constexpr int kLooks[] = {4, 8, 16};

  SequentialTest(std::size_t limits, double chance);

  void add(const std::vector<Excess>& excesses);
  std::size_t replications() const { return excesses_.size(); }
  Answer look() const;

 private:
  double mean(std::size_t limit) const;
  // How many standard errors the mean, or its cube root, is above 0 excess.
  double t_of_mean(std::size_t limit) const;
  double t_of_cube_root(std::size_t limit) const;
  double t_of(double distance, double squares) const;
  // Probability of a mean as far above 0 (`above`) or below, if the expectation were 0.
  double p_value(std::size_t limit, bool above) const;

  std::size_t limits_;
  double level_;
  std::vector<std::vector<Excess>> excesses_;  // by replication
};

}  // namespace lbsim::planning
