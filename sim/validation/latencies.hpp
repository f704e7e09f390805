// What is compared of two sets of latencies: mean, p50, p90 and p99 of the requests that were
// answered with status 200. Percentiles are nearest rank, exact.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "metrics/recorder.hpp"
#include "validation/recorded_run.hpp"

namespace lbsim::validation {

inline constexpr std::size_t kQuantities = 4;
inline constexpr std::array<const char*, kQuantities> kQuantityNames = {"mean", "p50", "p90",
                                                                        "p99"};
using Quantities = std::array<double, kQuantities>;

struct Latencies {
  std::size_t count = 0;
  Quantities us{};  // zeros if there are none
};

Latencies recorded_latencies(const RecordedRun& run);
Latencies simulated_latencies(const std::vector<RequestRecord>& records);

// 100 * (simulated / recorded - 1).
Quantities error_percent(const Latencies& simulated, const Latencies& recorded);

// Of several sets: the mean of each quantity, and the standard deviation of one set.
Quantities mean_of(const std::vector<Quantities>& sets);
Quantities standard_deviation_of(const std::vector<Quantities>& sets);

}  // namespace lbsim::validation
