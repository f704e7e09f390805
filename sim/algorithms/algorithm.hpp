// What every algorithm file ends in: its spec. From the catalog of specs come validation, "did you
// mean", `lbsim algorithms`, ids in Python, the README's table, and the tests all must pass.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "algorithms/upstream.hpp"

namespace lbsim::algorithms {

// One server as the configuration states it. Which fields a family reads is in its own header.
struct ServerConfig {
  std::string name;
  std::string address;  // host:port as written in the configuration; an input of some hashes
  int weight = 1;
  bool backup = false;
  bool down = false;        // configured out of service
  int max_fails = 1;        // nginx
  int fail_timeout_s = 10;  // nginx
  int max_conns = 0;        // nginx max_conns, HAProxy maxconn; 0: no limit
  int min_conns = 0;        // HAProxy minconn
  int slow_start_s = 0;     // HAProxy slowstart
  int id = 0;               // HAProxy server id; 0: position + 1
  std::string cookie;       // HAProxy cookie value, Apache route
};

struct PoolConfig {
  std::vector<ServerConfig> servers;
  std::map<std::string, std::string> parameters;  // by ParameterSpec::name; absent: the default
  std::uint64_t seed =
      1;  // for methods that draw: the stream of this pool (nginx: the srandom value)
};

struct ParameterSpec {
  std::string name;
  std::string fallback;  // default, as written in a scenario
  std::string range;     // what is accepted, for people: "1..256", "crc32 | sdbm | djb2 | wt6"
  std::string help;
  // With this value, does the method look at more of a request than the client's address? Null: no.
  bool (*reads_more)(const std::string& value) = nullptr;
  std::string instead = {};  // for people: how it does not
};

struct AlgorithmSpec {
  std::string family;   // nginx, haproxy, ipvs, apache, dns, f5, modern
  std::string name;     // as the real configuration spells it: least_conn, leastconn, wlc
  std::string summary;  // one line
  std::string source;   // documentation page, paper or RFC
  std::vector<ParameterSpec> parameters;
  // Makes a pool; throws InputError on a parameter out of range. Null for families whose object is
  // not an Upstream (ipvs: ipvs/service.hpp; dns: dns/*.hpp).
  std::function<std::unique_ptr<Upstream>(const PoolConfig&)> make;
  // Whatever its parameters, the method looks at more of a request than the client's address.
  bool reads_more = false;
};

// Every algorithm there is, in the order of families and then of the documentation.
const std::vector<AlgorithmSpec>& catalog();

// Adds one of your own behind its family. To be done before anyone looks for it. Throws InputError
// if the name is taken, or if something is missing.
void add_algorithm(AlgorithmSpec spec);

// Takes out one that was added, to add another of its name; the same care.
void remove_algorithm(std::string_view family, std::string_view name);

// By family and name; null if there is none.
const AlgorithmSpec* find_algorithm(std::string_view family, std::string_view name);

}  // namespace lbsim::algorithms
