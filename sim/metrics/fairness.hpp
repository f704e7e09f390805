// How evenly picks fell on servers, relative to their weights.
#pragma once

#include <cstdint>
#include <vector>

namespace lbsim {

struct Fairness {
  double jain = 1;           // (sum x)^2 / (n sum x^2), x = picks / weight; Jain, Chiu, Hawe 1984
  double max_over_mean = 1;  // of x
  double cv = 0;             // standard deviation of x over its mean
};

// Servers of weight 0 are left out. All 1, 1, 0 when there was no pick.
Fairness fairness_of(const std::vector<std::uint64_t>& picks, const std::vector<double>& weights);

}  // namespace lbsim
