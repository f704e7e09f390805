// Short ways to make and drive backends in the tests of the family.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "algorithms/haproxy/backend.hpp"

namespace lbsim::algorithms::haproxy {

using Settings = std::map<std::string, std::string>;

inline std::vector<ServerConfig> weighted(const std::vector<int>& weights, int max_conns = 0) {
  std::vector<ServerConfig> servers(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    servers[i].weight = weights[i];
    servers[i].max_conns = max_conns;
  }
  return servers;
}

inline std::unique_ptr<Backend> make(const std::string& method, std::vector<ServerConfig> servers,
                                     const Settings& parameters = {}) {
  PoolConfig config;
  config.servers = std::move(servers);
  config.parameters = parameters;
  return std::unique_ptr<Backend>(
      dynamic_cast<Backend*>(find_algorithm("haproxy", method)->make(config).release()));
}

// One request from start to end; the server that had it.
inline ServerId serve(Backend& backend, const Request& request = {}, Time now = kTimeZero) {
  Attempt attempt;
  if (backend.begin(request, attempt, now) != Pick::server) return kNoServer;
  const ServerId server = attempt.server;
  backend.end(attempt, Result::ok, now);
  return server;
}

inline std::vector<int> shares(Backend& backend, int requests) {
  std::vector<int> counts(backend.size());
  for (int i = 0; i < requests; ++i) ++counts[serve(backend)];
  return counts;
}

}  // namespace lbsim::algorithms::haproxy
