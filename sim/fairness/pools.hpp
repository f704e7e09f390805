// The standard pools.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "algorithms/algorithm.hpp"

namespace lbsim::fairness {

enum class Shape : std::uint8_t {
  equal,     // weight 1 each
  weighted,  // 1, 2, 3, 4, 1, 2, 3, 4, ...
  unequal,   // every eighth 100, the others 1
};

// "weighted-16"
std::string pool_name(Shape shape, std::size_t servers);

std::vector<int> weights_of(Shape shape, std::size_t servers);

// Servers s0, s1, ... at 10.0.0.1 and on, port 80, with their names as cookies.
algorithms::PoolConfig pool_config(const std::vector<int>& weights, std::uint64_t seed);

}  // namespace lbsim::fairness
