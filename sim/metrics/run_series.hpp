// A run as a series of equal windows of simulated time: what ended in each, and how long it took.
// It looks at the recorder from outside now and then, so a run that is not looked at pays nothing.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "metrics/recorder.hpp"

namespace lbsim {

struct SeriesWindow {
  std::uint64_t ended = 0;
  std::uint64_t failed = 0;                                      // not ok
  double latency_sum_s = 0;                                      // of those that ended ok
  std::vector<std::pair<std::uint32_t, std::uint32_t>> buckets;  // of LatencySketch, and counts

  std::uint64_t ok() const { return ended - failed; }
};

class RunSeries {
 public:
  static constexpr std::size_t kWindowsMost = 400;

  // Windows of `step` to begin with. Of kWindowsMost every two become one of twice the length.
  explicit RunSeries(Duration step) : step_(step) {}

  // One step has passed since the last call, or the start.
  void observe(const Recorder& recorder);

  Duration step() const { return step_; }  // until the next call
  const std::vector<SeriesWindow>& windows() const { return windows_; }

 private:
  void merge_pairs();

  Duration step_;
  std::vector<SeriesWindow> windows_;
  std::vector<std::uint64_t> counts_;  // of the sketch, as last seen
  std::uint64_t ended_ = 0;
  std::uint64_t ok_ = 0;
  double latency_sum_s_ = 0;
};

// All buckets of windows [from, to) by value, in LatencySketch's order.
std::vector<std::uint64_t> merged_counts(const std::vector<SeriesWindow>& windows, std::size_t from,
                                         std::size_t to);

// As LatencySketch::quantile_s, of counts by bucket; 0 if there are none.
double quantile_s_of(const std::vector<std::uint64_t>& counts, double q);

}  // namespace lbsim
