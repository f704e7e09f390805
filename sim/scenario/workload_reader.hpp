// The table [workload]: how many users, when, and what they fetch; [[clients]] and [network]: where
// they are.
#pragma once

#include <optional>

#include "devices/config.hpp"
#include "scenario/reader.hpp"
#include "scenario/window.hpp"

namespace lbsim::scenario {

struct Demand {
  WorkloadConfig workload;
  workload::RateCurve day_curve{{1.0}, 86'400};
  WindowSpec window;
};

void read(Reader& r, Demand& demand);
void read(Reader& r, ClientGroupConfig& clients);
void read(Reader& r, NetworkConfig& network);

}  // namespace lbsim::scenario
