// Does a run hold, and which input decides it.
#pragma once

#include <cstdint>
#include <string>

#include "metrics/result.hpp"

namespace lbsim {

// The mission's default: p99 <= 300 ms and 99.9 % success.
inline constexpr double kSloP99S = 0.300;
inline constexpr double kSloErrorShare = 0.001;

enum class Finding : std::uint8_t { no_requests, too_many_fail, too_slow, holds };

// What decides the finding: how busy the busiest machine is, what happened, or neither (a request
// takes that long where it waits for nothing).
enum class Cause : std::uint8_t { load, event, way };

struct Verdict {
  Finding finding = Finding::holds;
  Cause cause = Cause::load;
  double p99_s = 0;
  double error_share = 0;
  std::string largest_failure;  // one of kOutcomeNames
  Bottleneck busiest;
  std::string why;      // "p99 512 ms > 300 ms; servers.31 cpu at 104 % in its busiest minute"
  std::string decides;  // the scenario field(s) that decide it: "servers.groups cores, speed"

  bool holds() const { return finding == Finding::holds; }
};

Verdict verdict_of(const RunResult& result);

// The scenario fields that set how much of a resource a node has, and how much a request takes.
std::string deciding_fields(const Bottleneck& bottleneck);

}  // namespace lbsim
