#include "core/random.hpp"

namespace lbsim {
namespace {

std::uint64_t splitmix64_mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

std::uint64_t stream_seed(std::uint64_t master_seed, std::string_view component) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : component) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return splitmix64_mix(hash ^ splitmix64_mix(master_seed + 0x9e3779b97f4a7c15ULL));
}

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) {
    seed += 0x9e3779b97f4a7c15ULL;
    word = splitmix64_mix(seed);
  }
}

}  // namespace lbsim
