// A rate that varies over time and repeats after its period: what a non-homogeneous Poisson process
// follows. Piecewise constant over equal slices, not linear: the share of every hour is then
// exactly the number that was given, and the integral is inverted without iteration. The price is a
// step in the rate from one slice to the next.
#pragma once

#include <cstddef>
#include <vector>

namespace lbsim::workload {

class RateCurve {
 public:
  // Weights of equal slices of `slice_s` seconds, only their ratios matter. Throws InputError if
  // one is negative or not finite, or all are zero.
  RateCurve(std::vector<double> weights, double slice_s);

  double period_s() const { return period_s_; }
  const std::vector<double>& rates() const { return rates_; }  // per slice, their mean is 1
  double slice_s() const { return slice_s_; }

  // Rate at a time >= 0, relative to the mean rate over the period.
  double rate_at(double time_s) const;

  // Integral of the relative rate over [from, to]: seconds at the mean rate. Over a whole period it
  // is the period.
  double integral(double from_s, double to_s) const;

  // The t >= from with integral(from, t) = area >= 0. With R requests per second on average and
  // exponential draws e of mean 1, t -> advance(t, e / R) walks through the arrivals of a Poisson
  // process of rate R * rate_at(t) (Lewis and Shedler, "Simulation of nonhomogeneous Poisson
  // processes by thinning", 1979, section 1: inversion of the integrated rate).
  double advance(double from_s, double area) const;

  struct Window {
    double from_s;
    double to_s;
    double share;  // of the period's requests
  };
  // The busiest window of this width inside one period, the earliest of equals; the whole period if
  // it is no longer than the width.
  Window busiest(double width_s) const;

 private:
  std::size_t slice_at(double time_in_period_s) const;
  double cumulative(double time_s) const;

  double slice_s_;
  double period_s_;
  std::vector<double> rates_;
  std::vector<double>
      area_;  // integral from 0 to the begin of each slice, then to the period's end
};

}  // namespace lbsim::workload
