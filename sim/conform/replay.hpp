// Recorded picks of real daemons, replayed through the objects that `run` drives. The only code
// that is reachable from `lbsim conform` alone is in this folder: it reads traces and compares.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace lbsim::conform {

struct Replay {
  std::string id;
  std::uint64_t matched = 0;
  std::uint64_t total = 0;
  // For the first wrong pick: event number, what was expected, what was picked, and the state of
  // the pool before it. Empty when all matched.
  std::vector<std::string> details;

  bool passed() const { return matched == total; }
};

// One per trace schema. Each throws InputError when a field is missing or of the wrong type.
Replay replay_nginx(const nlohmann::json& trace);
Replay replay_haproxy(const nlohmann::json& trace);
Replay replay_ipvs(const nlohmann::json& trace);
Replay replay_apache(const nlohmann::json& trace);
Replay replay_dns(const nlohmann::json& trace);

}  // namespace lbsim::conform
