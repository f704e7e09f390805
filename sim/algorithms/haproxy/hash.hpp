// The `hash-type` line: what is done to a hashing method's input before it is looked up.
// HAProxy 2.6 configuration manual, section 4.2, "hash-type".
#pragma once

#include <cstdint>
#include <string_view>

namespace lbsim::algorithms::haproxy {

std::uint32_t sdbm(std::string_view bytes);
std::uint32_t djb2(std::string_view bytes);
std::uint32_t wt6(std::string_view bytes);
std::uint32_t crc32(std::string_view bytes);

// Spreads a change of one input bit over all output bits: Jenkins' 6-shift integer hash, times a
// prime.
std::uint32_t avalanche(std::uint32_t hash);

struct HashType {
  bool consistent = false;
  std::uint32_t (*function)(std::string_view) = sdbm;
  bool avalanched = false;

  // "consistent", "map-based crc32 avalanche"; throws InputError.
  static HashType parse(std::string_view text);

  std::uint32_t finish(std::uint32_t hash) const { return avalanched ? avalanche(hash) : hash; }
  std::uint32_t operator()(std::string_view bytes) const { return finish(function(bytes)); }
};

}  // namespace lbsim::algorithms::haproxy
