#include "metrics/sketch.hpp"

#include <algorithm>
#include <cmath>

namespace lbsim {

void LatencySketch::merge(const LatencySketch& other) {
  if (other.counts_.size() > counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ns_ += other.sum_ns_;
  sum_ps_rest_ += other.sum_ps_rest_;
  max_ = std::max(max_, other.max_);
}

double LatencySketch::mean_s() const {
  if (count_ == 0) return 0;
  const double sum_s =
      static_cast<double>(sum_ns_) * 1e-9 + static_cast<double>(sum_ps_rest_) * 1e-12;
  return sum_s / static_cast<double>(count_);
}

double LatencySketch::bucket_value_s(std::size_t bucket) {
  constexpr std::size_t kSub = std::size_t{1} << kSubBucketBits;
  if (bucket < kSub) return static_cast<double>(bucket) * 1e-12;
  const int octave = static_cast<int>(bucket >> kSubBucketBits) - 1;
  const std::uint64_t low = (kSub + (bucket & (kSub - 1))) << octave;
  const std::uint64_t width = std::uint64_t{1} << octave;
  return (static_cast<double>(low) + 0.5 * static_cast<double>(width - 1)) * 1e-12;
}

double LatencySketch::quantile_s(double q) const {
  if (count_ == 0) return 0;
  const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
  if (rank >= count_) return to_seconds(max_);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank && seen > 0) return std::min(bucket_value_s(bucket), to_seconds(max_));
  }
  return to_seconds(max_);
}

double LatencySketch::share_within(Duration limit) const {
  if (count_ == 0) return 1;
  const std::size_t last = bucket_of(static_cast<std::uint64_t>(limit.count()));
  std::uint64_t within = 0;
  for (std::size_t i = 0; i < counts_.size() && i <= last; ++i) within += counts_[i];
  return static_cast<double>(within) / static_cast<double>(count_);
}

}  // namespace lbsim
