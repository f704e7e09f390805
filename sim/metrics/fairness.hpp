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
// Of loads that are no counts: shares, bytes, seconds. All of weight 1.
Fairness fairness_of(const std::vector<double>& loads);

// Gini's coefficient of the loads: their mean absolute difference over twice their mean, 0 if all
// are equal, (n - 1) / n if one has all. 0 without loads.
double gini_of(std::vector<double> loads);

}  // namespace lbsim
