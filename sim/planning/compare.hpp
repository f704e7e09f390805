// Scenarios side by side on the same arrivals: runs, and the differences of each to the first, from
// replications paired by seed (common random numbers; Law, Simulation Modeling and Analysis, 5th
// edition, sections 10.2.1 and 11.2).
#pragma once

#include <string>
#include <vector>

#include "planning/interval.hpp"
#include "planning/precision.hpp"
#include "planning/run_report.hpp"

namespace lbsim {

struct Difference {
  std::string metric;     // as in the JSON: latency_ms_p99
  std::size_t other = 0;  // the scenario that is compared with the first
  double a = 0;           // of the first, mean over the replications
  double b = 0;
  planning::Interval interval;  // of b - a, at 95 % alone
  double p_value = 1;           // of no difference
  // Among all differences of the comparison: with a chance of 95 % all that are called real are.
  bool real = false;
};

// What --precision asked of a comparison.
struct ComparedPrecision {
  planning::PrecisionGoal goal;
  double widest = 0;  // half width of any scenario's interval, or of any difference's
  bool reached = false;
};

class Comparison {
 public:
  explicit Comparison(std::uint64_t first_seed = 1) : first_seed_(first_seed) {}

  // The next replication of scenario `index`; all scenarios of a replication share a seed.
  void add(std::size_t index, planning::RunReport run);

  std::size_t replications() const;  // that all scenarios have
  std::vector<Difference> differences() const;
  // Of latencies, each scenario's interval must be within the goal of its own estimate, and that of
  // each difference within the goal of the first's; of errors, all within the goal itself.
  std::vector<ComparedPrecision> precision(const std::vector<planning::PrecisionGoal>& goals) const;

  // RunReport::page of the first replication of each, and "differences" as in the JSON.
  std::vector<std::string> pages() const;
  std::string difference_json() const;

  std::string text(const std::vector<planning::PrecisionGoal>& goals = {}) const;
  // {"schema", "partial", "replications", "runs": [the first replication of each], "differences"},
  // with goals "precision", too.
  std::string json(bool partial, const std::vector<planning::PrecisionGoal>& goals = {}) const;

 private:
  // A number of metrics() (planning/metric.hpp) in every replication of a scenario.
  std::vector<double> values(std::size_t scenario, std::string_view metric, double unit) const;
  std::string difference_table() const;

  std::uint64_t first_seed_;
  std::vector<planning::RunReport> first_;                 // of each scenario
  std::vector<std::vector<std::vector<double>>> numbers_;  // by scenario, replication and metric
};

}  // namespace lbsim
