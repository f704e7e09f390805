#include "workload/page_arrivals.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace lbsim {

PageArrivals::PageArrivals(const WorkloadConfig& workload, const workload::RateCurve& curve,
                           Window window, std::uint64_t seed)
    : times_(seed, "workload/arrivals"),
      bursts_(seed, "workload/bursts"),
      seed_(stream_seed(seed, "workload/sessions")),
      even_(workload.arrivals == ArrivalLaw::even),
      curve_(curve),
      window_(window),
      new_at_s_(window.start_s),
      burst_interval_s_(to_seconds(workload.burst_interval)),
      burst_end_s_(window.start_s) {
  const double page_views_per_s = workload.page_views_per_day / 86400.0;
  page_views_ = page_views_per_s * curve.integral(window.start_s, window.start_s + window.length_s);
  sessions_per_s_ = page_views_per_s / workload.pages_per_session;
  const double mean_count = page_views_per_s * burst_interval_s_;
  if (workload.burst_index > 1) {
    burst_variance_ = exact_log(1.0 + (workload.burst_index - 1.0) / mean_count);
  }
  add_sessions_under_way(workload, page_views_per_s * curve.rate_at(window.start_s));
  next_new_session();
}

// Page counts are geometric and think times exponential, so a session seen thinking when the window
// opens goes on like a new one after the rest of its think time, which is exponential again.
void PageArrivals::add_sessions_under_way(const WorkloadConfig& workload, double page_views_per_s) {
  const double think_s = to_seconds(workload.think);
  const double thinking = page_views_per_s * (1.0 - 1.0 / workload.pages_per_session) * think_s;
  for (double sum = times_.exponential(); sum < thinking; sum += times_.exponential()) {
    under_way_s_.push_back(think_s * times_.exponential());
  }
  std::sort(under_way_s_.begin(), under_way_s_.end(), std::greater<>());
}

void PageArrivals::next_burst() {
  const double factor_log = std::sqrt(burst_variance_) * bursts_.normal() - 0.5 * burst_variance_;
  burst_factor_ = exact_exp(factor_log);
  burst_end_s_ += burst_interval_s_;
}

void PageArrivals::next_new_session() {
  double area_s = next_gap() / sessions_per_s_;
  if (burst_variance_ > 0) {
    while (true) {
      const double left_s = curve_.integral(new_at_s_, burst_end_s_) * burst_factor_;
      if (burst_end_s_ > new_at_s_ && area_s < left_s) break;
      area_s -= burst_end_s_ > new_at_s_ ? left_s : 0;
      new_at_s_ = std::max(new_at_s_, burst_end_s_);
      next_burst();
    }
    area_s /= burst_factor_;
  }
  new_at_s_ = curve_.advance(new_at_s_, area_s);
}

bool PageArrivals::next(Arrival& arrival) {
  const double end_s = window_.start_s + window_.length_s;
  const double new_s = new_at_s_ - window_.start_s;
  double at_s = new_s;
  if (!under_way_s_.empty() && under_way_s_.back() < new_s) {
    at_s = under_way_s_.back();
    under_way_s_.pop_back();
  } else {
    if (new_at_s_ >= end_s) return false;
    next_new_session();
  }
  if (at_s >= window_.length_s) return false;
  arrival = Arrival{};
  arrival.at = kTimeZero + from_seconds(at_s);
  arrival.seed = seed_ + number_++ * 0xd1342543de82ef95ULL;
  return true;
}

}  // namespace lbsim
