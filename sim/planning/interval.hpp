// How sure an estimate is: confidence intervals from independent values.
#pragma once

#include <limits>
#include <vector>

namespace lbsim::planning {

inline constexpr double kConfidence = 0.95;

// The p-quantile of Student's t distribution with so many degrees of freedom (at least 1), to nine
// digits, so that no processor's rounding shows. p in (0, 1).
double student_t_quantile(double p, double degrees);

// estimate +- half_width, at kConfidence. The half width is infinite while it is not known.
struct Interval {
  double estimate = 0;
  double half_width = std::numeric_limits<double>::infinity();

  bool covers(double truth) const {
    return truth >= estimate - half_width && truth <= estimate + half_width;
  }
  // Whether 0 lies outside: the sign of the estimate is sure.
  bool excludes_zero() const { return !covers(0); }
  // The half width by the estimate; 0 for an estimate of 0 that is sure.
  double relative() const;
};

// Of the mean of independent, about normal values: one number from each replication, or their
// differences where replications are paired (Law, Simulation Modeling and Analysis, 5th edition,
// sections 4.5 and 10.2.1). One value: the half width is not known.
Interval mean_interval(const std::vector<double>& values);

// Two-sided p-value of the hypothesis that the values' mean is 0; 1 if it cannot be told.
double p_value_of_zero(const std::vector<double>& values);

// Of each hypothesis, whether it is rejected so that the chance of any false rejection stays within
// 1 - kConfidence over all of them (Holm, Scandinavian Journal of Statistics 6, 1979).
std::vector<bool> holm_rejects(const std::vector<double>& p_values);

}  // namespace lbsim::planning
