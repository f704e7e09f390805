// Do two lists of counts come from one distribution?
#pragma once

#include <cstdint>
#include <vector>

namespace lbsim::conform {

// P(X >= x) of a chi-square variable with that many degrees of freedom.
double chi_square_tail(double x, int degrees);

// p-value of the two-sample chi-square test of homogeneity. Categories empty in both are left out;
// 1 if fewer than two are left.
double same_distribution_p(const std::vector<std::uint64_t>& a,
                           const std::vector<std::uint64_t>& b);

}  // namespace lbsim::conform
