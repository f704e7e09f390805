// Recorded picks of real daemons, replayed through the objects that `run` drives. The only code
// that is reachable from `lbsim conform` alone is in this folder: it reads traces and compares.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace lbsim::conform {

struct Replay {
  std::string id;  // of the trace, else the name of its file
  std::uint64_t matched = 0;
  std::uint64_t total = 0;
  // For the first that is wrong: the place in the trace, what was expected, what came, and the
  // state before it. Empty when all matched.
  std::vector<std::string> details;

  bool passed() const { return matched == total; }

  // Counts `items` picks that are compared at once.
  void compare(const std::string& where, const std::string& expected, const std::string& got,
               const std::string& state_before, std::uint64_t items = 1);

  // Something that is no pick differs (a counter, an order): an item that failed.
  void differs(const std::string& where, const std::string& expected, const std::string& got,
               const std::string& state_before);

  // Picks that are random: they agree, all of them, if the chi-square test does not refute it.
  void compare_distribution(std::uint64_t picks, double p, const std::string& test);

 private:
  void tell(const std::string& where, const std::string& expected, const std::string& got,
            const std::string& state_before);
};

// One per trace schema. Each throws InputError when a field is missing or of the wrong type.
Replay replay_nginx(const nlohmann::json& trace);
Replay replay_haproxy(const nlohmann::json& trace);
Replay replay_ipvs(const nlohmann::json& trace);
Replay replay_apache(const nlohmann::json& trace);
Replay replay_dns(const nlohmann::json& trace);

}  // namespace lbsim::conform
