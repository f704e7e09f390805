// Does a point keep an SLO? Asked of replications until the answer is sure enough.
#pragma once

#include <cstdint>
#include <vector>

namespace lbsim::planning {

enum class Answer : std::uint8_t { holds, breaks, unknown };

// A group-sequential t test. Of each replication it takes one excess for each limit (excess_of),
// whose expectation is above 0 exactly where the limit is exceeded. After 4, 8 and 16 replications
// it looks: `holds` if the mean of every limit's excess is below 0, `breaks` if that of one is
// above 0, each at a level that the looks and the limits share out of `chance` (Bonferroni), so the
// probability of a wrong answer is at most `chance`, as far as sums over a replication are normal.
class SequentialTest {
 public:
  static constexpr int kLooks[] = {4, 8, 16};

  SequentialTest(std::size_t limits, double chance);

  void add(const std::vector<double>& excesses);
  std::size_t replications() const { return excesses_.size(); }
  Answer look() const;

  // After the last look: whether the means are at most 0, without the certainty.
  bool seems_to_hold() const;

 private:
  double mean(std::size_t limit) const;
  // Probability of a mean as far above 0 (`above`) or below, if the expectation were 0.
  double p_value(std::size_t limit, bool above) const;

  std::size_t limits_;
  double level_;
  std::vector<std::vector<double>> excesses_;  // by replication
};

}  // namespace lbsim::planning
