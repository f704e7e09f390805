// The hash functions of the table-driven schedulers (dh, sh, mh). Neither has a seed: the same
// servers and clients give the same picks on every director.
#pragma once

#include <cstdint>

namespace lbsim::algorithms::ipvs {

// Multiplicative hash, 8 bits: slot of a 32-bit key (host order: 10.0.0.1 is 0x0A000001) in a table
// of 256. The factor is 2^32 divided by the square of the golden ratio (Knuth, TAOCP 3,
// section 6.4).
constexpr std::uint32_t hash32(std::uint32_t key) { return (key * 0x61C88647u) >> 24; }

// SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, with one
// compression and three finalisation rounds) over the four little-endian bytes of `word`; both
// halves of the key are `key`. The low 32 bits are returned.
constexpr std::uint32_t siphash13(std::uint64_t key, std::uint32_t word) {
  std::uint64_t v0 = key ^ 0x736F6D6570736575u;
  std::uint64_t v1 = key ^ 0x646F72616E646F6Du;
  std::uint64_t v2 = key ^ 0x6C7967656E657261u;
  std::uint64_t v3 = key ^ 0x7465646279746573u;
  const auto rotate = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
  const auto round = [&] {
    v0 += v1, v1 = rotate(v1, 13), v1 ^= v0, v0 = rotate(v0, 32);
    v2 += v3, v3 = rotate(v3, 16), v3 ^= v2;
    v0 += v3, v3 = rotate(v3, 21), v3 ^= v0;
    v2 += v1, v1 = rotate(v1, 17), v1 ^= v2, v2 = rotate(v2, 32);
  };
  const std::uint64_t last_block =
      (std::uint64_t{4} << 56) | word;  // length in bytes, then the bytes
  v3 ^= last_block;
  round();
  v0 ^= last_block;
  v2 ^= 0xFF;
  round();
  round();
  round();
  return static_cast<std::uint32_t>(v0 ^ v1 ^ v2 ^ v3);
}

}  // namespace lbsim::algorithms::ipvs
