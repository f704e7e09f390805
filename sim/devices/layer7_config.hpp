// What a request-level proxy may do with a request besides picking one of all servers behind it.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "algorithms/rules/rule_set.hpp"
#include "core/time.hpp"

namespace lbsim {

// Some of the machines behind, balanced for themselves: an upstream block, a backend.
struct NamedPoolConfig {
  std::string name;
  std::vector<std::string> groups;  // of the servers behind
  std::string method;
  std::map<std::string, std::string> parameters;
};

// What becomes of a request that a rule decides on: exactly one of the three.
struct RuleConfig {
  std::string name;
  algorithms::rules::Condition when;
  std::string pool;       // a named pool has it
  int status = 0;         // it is answered with this status
  bool redirect = false;  // it is answered with 302 to the address of a machine behind
};

struct Layer7Config {
  std::vector<std::string> groups;  // that have what no rule sends elsewhere; empty: all machines
  std::vector<NamedPoolConfig> pools;
  std::vector<RuleConfig> rules;
  Duration answer_cpu{};  // for a request that the proxy reads and answers itself

  // Whether anything of this concerns a request before a server is picked for it.
  bool any() const { return !rules.empty(); }
  bool redirects() const {
    return std::any_of(rules.begin(), rules.end(), [](const auto& rule) { return rule.redirect; });
  }
};

}  // namespace lbsim
