// The numbers of a run by name: one table for sweeps' columns, SLOs and precisions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lbsim::planning {

struct Metric {
  std::string_view name;  // "p99"
  std::string_view unit;  // "ms", "percent", "" for counts
  std::string_view help;
};

// Latencies first, then errors: what an SLO may name; then the rest.
const std::vector<Metric>& metrics();
// How many of them an SLO may limit: mean, p50, p90, p95, p99, p999, max, errors.
inline constexpr std::size_t kSloMetrics = 8;

// Of `name` in metrics(); their number if there is none of that name.
std::size_t metric_index(std::string_view name);

// Its name in a table, with its unit: "p99_ms", "errors_percent", "opex_cny_per_year".
std::string column_of(const Metric& metric);

// The value of each of metrics(), in their order, from what `run --json` writes: whoever ran it,
// the same bytes give the same numbers. Throws Bug if the text is no run.
std::vector<double> numbers_of(std::string_view run_json);

}  // namespace lbsim::planning
