// Scenarios side by side on the same arrivals: runs, and the differences of each to the first, from
// replications paired by seed (common random numbers).
#pragma once

#include <string>
#include <vector>

#include "planning/run_report.hpp"

namespace lbsim {

// Two-sided 95 % point of Student's t distribution.
double student_t_975(int degrees);

class Comparison {
 public:
  // The next replication of scenario `index`; all scenarios of a replication share a seed.
  void add(std::size_t index, planning::RunReport run);

  std::string text() const;
  // {"schema", "partial", "replications", "runs": [the first replication of each], "differences"}
  std::string json(bool partial) const;

 private:
  struct Difference {
    std::string metric;
    std::string a;
    std::string b;
    double difference = 0;  // of b to a, mean over the replications
    double ci95 = 0;        // half width; not finite with fewer than two replications
  };
  struct Metrics {
    double mean_ms, p50_ms, p99_ms, errors;
  };

  std::vector<Difference> differences() const;
  std::size_t replications() const;

  std::vector<planning::RunReport> first_;     // of each scenario
  std::vector<std::vector<Metrics>> metrics_;  // by scenario and replication
};

}  // namespace lbsim
