// What goes wrong, and when: [[fault]] at = "12:00", kind = "crash", node = "vip.1", lasts =
// "10min". Nothing knows of a fault before the mechanism that detects it has run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "scenario/value.hpp"

namespace lbsim::scenario {

class Reader;

enum class FaultKind {
  crash,
  hang,
  slow,
  error,
  link_down,
  link_slow,
  zone_outage,
  partition,
  flash_crowd,
  dns_down,
};

struct Fault {
  FaultKind kind = FaultKind::crash;
  Duration at{};                     // since midnight
  std::optional<Duration> lasts;     // none: to the end
  std::vector<std::string> targets;  // nodes, one link, one zone; empty for a flash crowd
  double factor = 1;                 // what remains of a speed or bandwidth; what arrivals grow by
  double share = 0;                  // of the requests that fail, for `error`
  Location location;                 // for mistakes about targets, which only the whole site knows
};

void read(Reader& r, Fault& fault);

}  // namespace lbsim::scenario
