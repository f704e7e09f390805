// Rate curves over a day, in local time of the site: by name, from 24 numbers, or from a rate
// series.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workload/rate_curve.hpp"
#include "workload/rate_series.hpp"

namespace lbsim::workload {

struct NamedCurve {
  std::string name;
  std::string source;           // where the numbers come from, one line
  std::vector<double> weights;  // of equal slices of the day
};

// The curves known by name: flat, cn-portal, eighty-twenty, nasa-1995-07, app-cluster-2015,
// wikibase-2025.
const std::vector<NamedCurve>& named_curves();

// The rate of a busy part of the day over the day's mean, if a `share` of all comes in that `part`
// of the day: 4 for the rule of thumb of 80 % in 20 %. Both in (0, 1].
double busy_over_mean(double share, double part);

// Throws InputError with the nearest name if there is none of this name.
RateCurve day_curve_named(const std::string& name);

// Weights of the hours from 00:00 on. Throws InputError unless there are 24.
RateCurve day_curve_of_hours(const std::vector<double>& weights);

// The rate 1 + swing sin(2 pi (t - peak) / day + pi / 2), by the mean of every second. `swing` in
// [0, 1), the busiest time in hours from 00:00 on.
RateCurve day_curve_of_wave(double swing, double peak_h);

// A series folded onto one day: the mean count of each time of day over the days that have it.
// Index 0 stands for midnight; dated series lie on their own clock. Throws InputError if its step
// does not divide an hour.
RateCurve day_curve_of(const RateSeries& series);

// The series as it is, its period its whole length; requests per second on average in `mean_per_s`.
RateCurve rate_curve_of(const RateSeries& series, double& mean_per_s);

// What a scenario's `day_curve` says: a name, or the path of a CSV rate series (rate_series.hpp).
RateCurve day_curve_from(const std::string& name_or_path);

}  // namespace lbsim::workload
