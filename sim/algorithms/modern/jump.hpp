// Jump consistent hash. Source: J. Lamping, E. Veach, "A Fast, Minimal Memory, Consistent Hash
// Algorithm", arXiv 1406.2294 (2014).
#pragma once

#include <cstdint>

namespace lbsim::algorithms::modern {

// The bucket of a key, 0 .. buckets - 1; buckets > 0. When one is added a key stays or moves to it.
// Each jump goes from b to floor((b + 1) / r) with r uniform in (0, 1], from the key's own
// generator: the paper's linear congruential one, of whose numbers it takes the upper 31 bits. The
// order of the roundings is the paper's too, so buckets are the same everywhere.
inline std::uint32_t jump(std::uint64_t key, std::uint32_t buckets) {
  std::int64_t bucket = 0;
  std::int64_t next = 0;
  while (next < buckets) {
    bucket = next;
    key = key * 2862933555777941757ULL + 1;
    const double inverse = 0x1p31 / static_cast<double>((key >> 33) + 1);
    next = static_cast<std::int64_t>(static_cast<double>(bucket + 1) * inverse);
  }
  return static_cast<std::uint32_t>(bucket);
}

}  // namespace lbsim::algorithms::modern
