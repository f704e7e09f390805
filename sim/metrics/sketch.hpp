// Latency distribution in logarithmic buckets: 1,024 to the octave, so a percentile is within
// 0.05 % of the exact order statistic (kRelativeError), at any scale, in bounded memory.
// Idea: HdrHistogram (G. Tene); Masson et al., "DDSketch", VLDB 2019.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "core/time.hpp"

namespace lbsim {

class LatencySketch {
 public:
  static constexpr int kSubBucketBits = 10;
  static constexpr double kRelativeError = 1.0 / (2 << kSubBucketBits);

  // A latency of at least 0.
  void add(Duration latency) {
    const auto ps = static_cast<std::uint64_t>(latency.count());
    ++count_;
    sum_ns_ += ps / 1000;
    sum_ps_rest_ += ps % 1000;
    if (latency > max_) max_ = latency;
    const std::size_t bucket = bucket_of(ps);
    if (bucket >= counts_.size()) counts_.resize(bucket + 1);
    ++counts_[bucket];
  }

  void merge(const LatencySketch& other);

  std::uint64_t count() const { return count_; }
  Duration max() const { return max_; }
  double mean_s() const;
  // Nearest rank: the smallest latency with at least q * count at or below it. q in (0, 1].
  // 0 when empty.
  double quantile_s(double q) const;
  // Share of latencies at or below `limit` (to the bucket's resolution).
  double share_within(Duration limit) const;

  const std::vector<std::uint64_t>& counts() const { return counts_; }
  // The middle of a bucket, in seconds.
  static double bucket_value_s(std::size_t bucket);

  // Calls `visit` with every member: what a copy in another process is made of.
  template <class Visit>
  void members(Visit& visit) {
    visit(counts_, count_, sum_ns_, sum_ps_rest_, max_);
  }

 private:
  static std::size_t bucket_of(std::uint64_t ps) {
    if (ps < (1u << kSubBucketBits)) return ps;
    const int octave = std::bit_width(ps) - 1 - kSubBucketBits;
    return (static_cast<std::size_t>(octave) << kSubBucketBits) + (ps >> octave);
  }

  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  std::uint64_t sum_ns_ = 0;
  std::uint64_t sum_ps_rest_ = 0;
  Duration max_{};
};

}  // namespace lbsim
