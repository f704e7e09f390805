// Short ways to make and drive pools in the tests of the rules that are no daemon's own, and of the
// whole catalog.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "algorithms/algorithm.hpp"

namespace lbsim::algorithms {

using Settings = std::map<std::string, std::string>;

inline PoolConfig pool_of(const std::vector<int>& weights, const Settings& parameters = {}) {
  PoolConfig config;
  config.parameters = parameters;
  for (const int weight : weights) {
    ServerConfig server;
    server.name = "web" + std::to_string(config.servers.size() + 1);
    server.address = "10.0.0." + std::to_string(config.servers.size() + 1) + ":80";
    server.cookie = "c" + std::to_string(config.servers.size() + 1);
    server.weight = weight;
    config.servers.push_back(server);
  }
  return config;
}

inline std::unique_ptr<Upstream> make_pool(const std::string& family, const std::string& name,
                                           const PoolConfig& config) {
  return find_algorithm(family, name)->make(config);
}

inline Time at_second(double second) { return kTimeZero + from_seconds(second); }

inline Request from_client(std::uint32_t number) {
  Request request;
  request.client = Address::v4(0x0a000000u + number);
  return request;
}

// Begins a request that stays in flight; the server that has it.
inline ServerId hold(Upstream& pool, const Request& request = {}, Time now = kTimeZero) {
  Attempt attempt;
  return pool.begin(request, attempt, now) == Pick::server ? attempt.server : kNoServer;
}

// Ends a request of a pool that does not time its tries.
inline void finish(Upstream& pool, ServerId server, Time now = kTimeZero) {
  Attempt attempt{server, 0};
  pool.end(attempt, Result::ok, now);
}

// One request from start to end.
inline ServerId serve(Upstream& pool, const Request& request = {}, Time now = kTimeZero,
                      Duration took = {}) {
  Attempt attempt;
  if (pool.begin(request, attempt, now) != Pick::server) return kNoServer;
  const ServerId server = attempt.server;
  pool.end(attempt, Result::ok, now + took);
  return server;
}

inline std::vector<ServerId> serve_many(Upstream& pool, int requests, Time now = kTimeZero) {
  std::vector<ServerId> picks;
  for (int i = 0; i < requests; ++i) picks.push_back(serve(pool, {}, now));
  return picks;
}

// How many of `requests` by different clients each server gets.
inline std::vector<int> shares(Upstream& pool, int requests, Time now = kTimeZero) {
  std::vector<int> counts(pool.size());
  for (int i = 0; i < requests; ++i) {
    ++counts.at(serve(pool, from_client(static_cast<std::uint32_t>(i)), now));
  }
  return counts;
}

}  // namespace lbsim::algorithms
