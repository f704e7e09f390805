#include "metrics/result.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace lbsim {

Bottleneck bottleneck_of(const RunResult& result) {
  Bottleneck worst;
  for (const NodeStats& node : result.recorder.nodes()) {
    const Utilization busiest = busiest_resource(node, result.simulated_s);
    if (busiest.peak > worst.utilization) {
      worst = {node.name, node.tier, node.kind, busiest.of, busiest.peak};
    }
  }
  return worst;
}

double error_share(const RunResult& result) {
  const std::uint64_t generated = result.recorder.generated_count();
  if (generated == 0) return 0;
  return 1.0 - static_cast<double>(result.recorder.outcomes()[0]) / static_cast<double>(generated);
}

bool is_precise(const RunResult& result) {
  return std::all_of(result.precision.begin(), result.precision.end(),
                     [](const PrecisionResult& r) { return r.reached; });
}

void check_conservation(const RunResult& result) {
  const Recorder& recorder = result.recorder;
  LBSIM_CHECK(recorder.ended_count() == recorder.generated_count());
  LBSIM_CHECK(recorder.latency().count() == recorder.outcomes()[0]);
  LBSIM_CHECK(recorder.pages_complete() <= recorder.pages_started());
  for (const NodeStats& node : recorder.nodes()) {
    NodeMinute sum;
    for (const NodeMinute& minute : node.minutes) {
      sum.requests += minute.requests;
      sum.bytes_in += minute.bytes_in;
      sum.bytes_out += minute.bytes_out;
    }
    LBSIM_CHECK(sum.requests == node.total.requests);
    LBSIM_CHECK(sum.bytes_in == node.total.bytes_in);
    LBSIM_CHECK(sum.bytes_out == node.total.bytes_out);
  }
}

}  // namespace lbsim
