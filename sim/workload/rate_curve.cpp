#include "workload/rate_curve.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/check.hpp"
#include "core/error.hpp"

namespace lbsim::workload {
namespace {

double checked_mean(const std::vector<double>& weights) {
  double sum = 0;
  bool sound = !weights.empty();
  for (const double weight : weights) {
    sound = sound && std::isfinite(weight) && weight >= 0;
    sum += weight;
  }
  if (!sound || !(sum > 0) || !std::isfinite(sum)) {
    throw InputError(Diagnostic{.file = "",
                                .line = 0,
                                .column = 0,
                                .field = "day_curve",
                                .message = "a rate curve needs rates that are 0 or more, and one "
                                           "that is more",
                                .hint = "for example 24 numbers, one per hour of the day"});
  }
  return sum / static_cast<double>(weights.size());
}

}  // namespace

RateCurve::RateCurve(std::vector<double> weights, double slice_s)
    : slice_s_(slice_s),
      period_s_(slice_s * static_cast<double>(weights.size())),
      rates_(std::move(weights)) {
  LBSIM_CHECK(slice_s > 0);
  const double mean = checked_mean(rates_);
  double area = 0;
  for (double& rate : rates_) {
    rate /= mean;
    area_.push_back(area);
    area += rate * slice_s_;
  }
  area_.push_back(area);
}

std::size_t RateCurve::slice_at(double time_in_period_s) const {
  const auto slice = static_cast<std::size_t>(time_in_period_s / slice_s_);
  return std::min(slice, rates_.size() - 1);
}

double RateCurve::rate_at(double time_s) const {
  return rates_[slice_at(time_s - std::floor(time_s / period_s_) * period_s_)];
}

double RateCurve::cumulative(double time_s) const {
  const double periods = std::floor(time_s / period_s_);
  const double inside = time_s - periods * period_s_;
  const std::size_t slice = slice_at(inside);
  const double into_slice = inside - static_cast<double>(slice) * slice_s_;
  return periods * area_.back() + area_[slice] + rates_[slice] * into_slice;
}

double RateCurve::integral(double from_s, double to_s) const {
  LBSIM_CHECK(from_s >= 0 && from_s <= to_s);
  return cumulative(to_s) - cumulative(from_s);
}

double RateCurve::advance(double from_s, double area) const {
  LBSIM_CHECK(from_s >= 0 && area >= 0);
  const double period_begin = std::floor(from_s / period_s_) * period_s_;
  const std::size_t slice = slice_at(from_s - period_begin);
  const double slice_end = period_begin + static_cast<double>(slice + 1) * slice_s_;
  const double left_in_slice = rates_[slice] * (slice_end - from_s);
  // Most steps stay within the slice; this is also where no precision is lost to large sums.
  if (area < left_in_slice) return from_s + area / rates_[slice];

  double target = area_[slice + 1] + (area - left_in_slice);
  const double periods = std::floor(target / area_.back());
  target -= periods * area_.back();
  // The slice in which the integral passes the target has a rate above zero.
  const auto after = std::upper_bound(area_.begin(), area_.end() - 1, target);
  const auto found = static_cast<std::size_t>(after - area_.begin()) - 1;
  double into_slice = 0;
  if (rates_[found] > 0) into_slice = std::min((target - area_[found]) / rates_[found], slice_s_);
  const double reached =
      period_begin + periods * period_s_ + static_cast<double>(found) * slice_s_ + into_slice;
  return std::max(reached, from_s);
}

RateCurve::Window RateCurve::busiest(double width_s) const {
  if (width_s >= period_s_) return {0, period_s_, 1};
  // The integral over a sliding window is linear between the moments where one of its ends crosses
  // a slice's border, so its maximum is at one of these.
  std::vector<double> starts;
  for (std::size_t slice = 0; slice <= rates_.size(); ++slice) {
    const double border = static_cast<double>(slice) * slice_s_;
    for (const double start : {border - width_s, border}) {
      if (start >= 0 && start + width_s <= period_s_) starts.push_back(start);
    }
  }
  std::sort(starts.begin(), starts.end());
  Window best{0, width_s, -1};
  for (const double start : starts) {
    const double share = integral(start, start + width_s) / area_.back();
    // Sums in different order differ in the last bits; that makes no window busier.
    if (share > best.share * (1 + 1e-12)) best = {start, start + width_s, share};
  }
  return best;
}

}  // namespace lbsim::workload
