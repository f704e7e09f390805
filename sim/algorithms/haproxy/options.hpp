// The words of a `backend` section, read from PoolConfig::parameters. A parameter that the real
// configuration would refuse throws InputError.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "algorithms/parameters.hpp"

namespace lbsim::algorithms::haproxy {

struct BackendOptions {
  bool all_backups = false;
  int full_conns = 0;
  int retries = 3;
  bool redispatch = false;
  int redispatch_interval = -1;  // n: at every nth retry; -n: at the nth before the end; 0: never
  std::string cookie;            // the words after `cookie`; empty: no persistence

  explicit BackendOptions(const Parameters& parameters);
};

// Parameters that every method takes.
const std::vector<ParameterSpec>& common_parameters();

// A `balance` line as the method's name and its parameters: "uri depth 2" is uri with depth = 2.
struct BalanceLine {
  std::string method;
  std::map<std::string, std::string> parameters;

  static BalanceLine parse(std::string_view line);
};

}  // namespace lbsim::algorithms::haproxy
