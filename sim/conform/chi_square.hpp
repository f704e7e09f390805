// Do two lists of counts come from one distribution?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lbsim::conform {

// P(X >= x) of a chi-square variable with that many degrees of freedom.
double chi_square_tail(double x, int degrees);

// Pearson's test of homogeneity over any number of pairs of samples.
struct ChiSquare {
  double statistic = 0;
  int degrees = 0;

  // Counts by category, the same in both. Categories empty in both are left out, and a pair of
  // which one is empty says nothing.
  void add(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b);

  double p() const { return chi_square_tail(statistic, degrees); }
  std::string text() const;
};

}  // namespace lbsim::conform
