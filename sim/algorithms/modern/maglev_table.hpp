// The table of Maglev hashing. Source: D. Eisenbud et al., "Maglev: A Fast and Reliable Software
// Network Load Balancer", NSDI 2016, section 3.4.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::modern {

struct MaglevShare {
  ServerId server = kNoServer;
  std::string name;
  std::uint32_t weight = 1;  // above 0
};

// `size` (a prime) entries, each a server. The shares take entries in turn, each the next free one
// of its permutation (offset + j skip) mod size, by two hashes of its name. With weights, a share
// takes one in w of the rounds in which the heaviest takes w_max. Empty without shares.
std::vector<ServerId> maglev_table(const std::vector<MaglevShare>& shares, std::size_t size);

}  // namespace lbsim::algorithms::modern
