// Pools of the catalog, asked one request after the other, as tiers ask them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "algorithms/algorithm.hpp"

namespace lbsim::theory {

struct PoolWish {
  const char* family;
  const char* method;
  std::vector<int> weights;
  std::map<std::string, std::string> parameters = {};
  std::uint64_t seed = 1;
  std::string prefix = "s";  // of the servers' names, which hashes look at
};

std::unique_ptr<algorithms::Upstream> make_pool(const PoolWish& wish);

// The server of a request of this client that is over at once.
algorithms::ServerId ask(algorithms::Upstream& pool, const algorithms::Address& client);
// Of one that stays.
algorithms::ServerId hold(algorithms::Upstream& pool, const algorithms::Address& client);

}  // namespace lbsim::theory
