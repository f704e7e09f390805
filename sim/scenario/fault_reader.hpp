// [[fault]]: at = "21:10", kind = "crash", node = "vip.1", lasts = "10min". Nothing in the site
// knows of a fault before the mechanism that detects it has run.
#pragma once

#include <optional>
#include <vector>

#include "devices/config.hpp"
#include "scenario/reader.hpp"

namespace lbsim::scenario {

struct FaultEntry {
  FaultConfig fault;
  std::optional<Duration> lasts;  // then it is undone
};

void read(Reader& r, FaultEntry& entry);

// Each fault, and what undoes it where it does not last.
std::vector<FaultConfig> faults_of(const std::vector<FaultEntry>& entries);

}  // namespace lbsim::scenario
