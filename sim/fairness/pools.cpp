#include "fairness/pools.hpp"

#include <fmt/format.h>

#include "fairness/clients.hpp"

namespace lbsim::fairness {

std::string pool_name(Shape shape, std::size_t servers) {
  const char* const names[] = {"equal", "weighted", "unequal"};
  return fmt::format("{}-{}", names[static_cast<std::size_t>(shape)], servers);
}

std::vector<int> weights_of(Shape shape, std::size_t servers) {
  std::vector<int> weights(servers, 1);
  for (std::size_t i = 0; i < servers; ++i) {
    if (shape == Shape::weighted) weights[i] = static_cast<int>(i % 4) + 1;
    if (shape == Shape::unequal && i % 8 == 0) weights[i] = 100;
  }
  return weights;
}

algorithms::PoolConfig pool_config(const std::vector<int>& weights, std::uint64_t seed) {
  algorithms::PoolConfig config;
  config.seed = seed;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::uint32_t address = server_address(static_cast<algorithms::ServerId>(i));
    algorithms::ServerConfig server;
    server.name = fmt::format("s{}", i);
    server.cookie = server.name;
    server.address = fmt::format("{}.{}.{}.{}:80", address >> 24, address >> 16 & 255,
                                 address >> 8 & 255, address & 255);
    server.weight = weights[i];
    config.servers.push_back(std::move(server));
  }
  return config;
}

}  // namespace lbsim::fairness
