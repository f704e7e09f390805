// Tests whether two samples come from one distribution.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace lbsim::conform {

using Counts = std::map<std::string, std::uint64_t>;

struct ChiSquare {
  double statistic = 0;
  unsigned degrees = 0;

  // Pearson's statistic of homogeneity of the 2 x k table, degrees k - 1.
  void add(const Counts& a, const Counts& b);

  // Probability of a statistic at least this large if the samples agree.
  double p() const;
};

}  // namespace lbsim::conform
