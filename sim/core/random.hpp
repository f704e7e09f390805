// One named random stream per component, so that adding a device shifts no other device's draws and
// compared topologies see the same arrivals. Generator: xoshiro256++ (Blackman and Vigna,
// "Scrambled linear pseudorandom number generators", ACM TOMS 47, 2021), seeded through splitmix64.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/math.hpp"

namespace lbsim {

__extension__ using Wide = unsigned __int128;

// 64-bit mix of a stream's name into the master seed (FNV-1a, then splitmix64's finaliser).
std::uint64_t stream_seed(std::uint64_t master_seed, std::string_view component);

class Random {
 public:
  Random(std::uint64_t master_seed, std::string_view component)
      : Random(stream_seed(master_seed, component)) {}
  explicit Random(std::uint64_t seed);

  std::uint64_t bits() {
    const std::uint64_t result = rotate(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  // In (0, 1): never an end point, so its logarithm and quantiles are finite.
  double uniform() { return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52; }

  // Unbiased in 0 .. n-1, n > 0 (Lemire, "Fast random integer generation in an interval", 2019).
  std::uint64_t below(std::uint64_t n) {
    Wide product = static_cast<Wide>(bits()) * n;
    if (static_cast<std::uint64_t>(product) < n) {
      const std::uint64_t threshold = (0 - n) % n;
      while (static_cast<std::uint64_t>(product) < threshold) {
        product = static_cast<Wide>(bits()) * n;
      }
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

  double exponential() { return -exact_log(uniform()); }  // mean 1
  double normal() { return normal_quantile(uniform()); }  // mean 0, variance 1

 private:
  static std::uint64_t rotate(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

  std::uint64_t state_[4];
};

}  // namespace lbsim
