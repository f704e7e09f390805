#include "metrics/run_series.hpp"

#include <algorithm>
#include <cmath>

namespace lbsim {
namespace {

void add_window(SeriesWindow& sum, const SeriesWindow& other) {
  sum.ended += other.ended;
  sum.failed += other.failed;
  sum.latency_sum_s += other.latency_sum_s;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> both;
  both.reserve(sum.buckets.size() + other.buckets.size());
  std::merge(sum.buckets.begin(), sum.buckets.end(), other.buckets.begin(), other.buckets.end(),
             std::back_inserter(both),
             [](const auto& a, const auto& b) { return a.first < b.first; });
  sum.buckets.clear();
  for (const auto& [bucket, count] : both) {
    if (!sum.buckets.empty() && sum.buckets.back().first == bucket) {
      sum.buckets.back().second += count;
    } else {
      sum.buckets.push_back({bucket, count});
    }
  }
}

}  // namespace

void RunSeries::observe(const Recorder& recorder) {
  SeriesWindow& window = windows_.emplace_back();
  const LatencySketch& latency = recorder.latency();
  const std::uint64_t ended = recorder.ended_count();
  const std::uint64_t ok = recorder.outcomes()[0];
  const double sum_s = latency.mean_s() * static_cast<double>(latency.count());
  window.ended = ended - ended_;
  window.failed = window.ended - (ok - ok_);
  window.latency_sum_s = sum_s - latency_sum_s_;
  ended_ = ended;
  ok_ = ok;
  latency_sum_s_ = sum_s;
  counts_.resize(latency.counts().size());
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const std::uint64_t now = latency.counts()[i];
    if (now == counts_[i]) continue;
    window.buckets.push_back(
        {static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(now - counts_[i])});
    counts_[i] = now;
  }
  if (windows_.size() == kWindowsMost) merge_pairs();
}

void RunSeries::merge_pairs() {
  for (std::size_t i = 0; i < windows_.size() / 2; ++i) {
    add_window(windows_[2 * i], windows_[2 * i + 1]);
    if (i > 0) windows_[i] = std::move(windows_[2 * i]);
  }
  windows_.resize(windows_.size() / 2);
  step_ *= 2;
}

std::vector<std::uint64_t> merged_counts(const std::vector<SeriesWindow>& windows, std::size_t from,
                                         std::size_t to) {
  std::vector<std::uint64_t> counts;
  for (std::size_t w = from; w < to; ++w) {
    for (const auto& [bucket, count] : windows[w].buckets) {
      if (bucket >= counts.size()) counts.resize(bucket + 1);
      counts[bucket] += count;
    }
  }
  return counts;
}

double quantile_s_of(const std::vector<std::uint64_t>& counts, double q) {
  std::uint64_t all = 0;
  for (const std::uint64_t count : counts) all += count;
  const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(all)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < counts.size(); ++bucket) {
    seen += counts[bucket];
    if (seen >= rank && seen > 0) return LatencySketch::bucket_value_s(bucket);
  }
  return 0;
}

}  // namespace lbsim
