// The words of a `backend` section, read from PoolConfig::parameters. A parameter that the real
// configuration would refuse throws InputError.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "algorithms/algorithm.hpp"

namespace lbsim::algorithms::haproxy {

// Throws InputError about one parameter.
[[noreturn]] void refuse(const std::string& field, const std::string& message,
                         const std::string& hint);

std::vector<std::string> split_words(std::string_view text);

class Parameters {
 public:
  Parameters(const PoolConfig& config, const std::vector<ParameterSpec>& known);

  // As given, or the default of the spec.
  const std::string& text(const std::string& name) const;
  int integer(const std::string& name, int low, int high) const;
  bool flag(const std::string& name) const;  // yes | no

 private:
  std::map<std::string, std::string> values_;
};

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
