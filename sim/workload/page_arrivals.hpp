// Users of a site over a window of the day: sessions begin as a non-homogeneous Poisson process, by
// exact inversion of the cumulative rate (Cinlar 1975: the inverse of unit-rate arrivals), so page
// views follow the day curve. Sessions that were under way when the window opens are there too.
//
// Sessions in step (ArrivalLaw::even) come where the cumulative rate reaches 1, 2, 3, ...
//
// Burstier than Poisson where asked: the rate of every interval is multiplied by its own lognormal
// factor of mean 1, whose variance gives counts over an interval the wanted index of dispersion
// (variance / mean = 1 + mean * variance of the factor).
#pragma once

#include <vector>

#include "core/random.hpp"
#include "devices/config.hpp"
#include "workload/arrival.hpp"
#include "workload/rate_curve.hpp"

namespace lbsim {

struct Window {
  double start_s = 0;  // of the day
  double length_s = 86400;
};

class PageArrivals final : public ArrivalSource {
 public:
  // The curve's period is a day. It must outlive this.
  PageArrivals(const WorkloadConfig& workload, const workload::RateCurve& curve, Window window,
               std::uint64_t seed);

  bool next(Arrival& arrival) override;

  // Page views to be expected in the window.
  double page_views() const { return page_views_; }

 private:
  // Until the next session at the mean rate of 1: exponential, or always 1.
  double next_gap() { return even_ ? 1.0 : times_.exponential(); }
  void add_sessions_under_way(const WorkloadConfig& workload, double page_views_per_s);
  void next_new_session();
  void next_burst();

  Random times_;
  Random bursts_;
  std::uint64_t seed_;
  bool even_ = false;
  const workload::RateCurve& curve_;
  Window window_;
  double sessions_per_s_ = 0;  // mean over the day
  double page_views_ = 0;
  double new_at_s_ = 0;  // of the day: when the next session begins
  double burst_interval_s_ = 0;
  double burst_variance_ = 0;  // of the factor's logarithm; 0: Poisson
  double burst_factor_ = 1;
  double burst_end_s_ = 0;
  std::vector<double> under_way_s_;  // their next pages, in the window, latest first
  std::uint64_t number_ = 0;
};

}  // namespace lbsim
