// What is measured: every algorithm of the catalog, as an Upstream whatever its family, and some
// with settings that change their nature.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "algorithms/algorithm.hpp"

namespace lbsim::fairness {

using algorithms::PoolConfig;
using algorithms::ServerId;
using algorithms::Upstream;

struct Subject {
  // "nginx/least_conn"; one with settings has them behind it: "haproxy/uri hash-type=consistent".
  std::string name;
  std::function<std::unique_ptr<Upstream>(const PoolConfig&)> make;

  std::size_t servers_max = 4096;  // DNS: an answer has 63 records at most
  bool weights_change = true;      // DNS: a weight is part of the zone
  bool slow_start = true;          // may read ServerConfig::slow_start_s
  // Settings by which clients come back to their server; empty: no sessions.
  std::map<std::string, std::string> session_parameters;

  // The name without settings.
  std::string algorithm() const { return name.substr(0, name.find(' ')); }
};

// In the catalog's order, those with settings behind the one without.
std::vector<Subject> catalog_subjects();

// Those that the names mean: "nginx/least_conn", "least_conn" if only one family has it, or a
// family. All if there is no name. Throws InputError on a name that means none, or more than one
// family's.
std::vector<Subject> chosen_subjects(const std::vector<Subject>& all,
                                     const std::vector<std::string>& names);

}  // namespace lbsim::fairness
