// One candidate of a plan put to the test: does this site keep its SLO?
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "planning/child_runs.hpp"
#include "planning/sequential.hpp"
#include "planning/slo.hpp"
#include "planning/stretch.hpp"

namespace lbsim::planning {

// Somebody asked for the end (ChildRunsOptions::stops).
class PlanStopped : public std::runtime_error {
 public:
  PlanStopped() : std::runtime_error("interrupted") {}
};

struct LimitFinding {
  SloLimit limit;
  double mean = 0;   // of the metric over the replications
  double worst = 0;  // the worst replication
};

struct PointFinding {
  bool holds = false;
  bool certain = true;  // else too close to the edge to tell, and then taken as breaking
  std::size_t replications = 0;
  std::vector<LimitFinding> limits;  // of the stretch that is nearest to its limits
  std::string stretch;
  Bottleneck bottleneck;  // in the first replication of that stretch

  // "p99 512 ms > 300 ms; servers.31 cpu at 104 %"
  std::string text() const;
};

// Runs replications of each stretch, with seeds that every candidate shares (common random
// numbers), until SequentialTest answers with at most this `chance` to be wrong; the progress that
// `options` asks for counts all runs of the point. Throws PlanStopped.
PointFinding test_point(const std::shared_ptr<const scenario::LoadedScenario>& loaded,
                        const std::vector<Stretch>& stretches, const Slo& slo, double chance,
                        KernelKind kernel, const ChildRunsOptions& options);

}  // namespace lbsim::planning
