// Does a run hold, and which input decides it.
#pragma once

#include <string>

#include "metrics/result.hpp"

namespace lbsim {

// The mission's default: p99 <= 300 ms and 99.9 % success.
inline constexpr double kSloP99S = 0.300;
inline constexpr double kSloErrorShare = 0.001;

struct Verdict {
  bool holds = false;
  std::string why;      // "p99 512 ms > 300 ms: servers.31 cpu at 104 %"
  std::string decides;  // the scenario field(s) that decide it: "servers.groups cores, speed"
};

Verdict verdict_of(const RunResult& result);

// The scenario fields that set how much of a resource a node has, and how much a request takes.
std::string deciding_fields(const Bottleneck& bottleneck);

}  // namespace lbsim
