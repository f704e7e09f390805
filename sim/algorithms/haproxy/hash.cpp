#include "algorithms/haproxy/hash.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "algorithms/haproxy/options.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

std::uint32_t byte(char c) { return static_cast<unsigned char>(c); }

std::uint32_t rotate_left(std::uint32_t x, std::uint32_t n) {
  return n == 0 ? x : x << n | x >> (32 - n);
}

std::array<std::uint32_t, 256> crc32_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320U : 0);
    table[i] = crc;
  }
  return table;
}

}  // namespace

std::uint32_t sdbm(std::string_view bytes) {
  std::uint32_t hash = 0;
  for (const char c : bytes) hash = byte(c) + (hash << 6) + (hash << 16) - hash;
  return hash;
}

std::uint32_t djb2(std::string_view bytes) {
  std::uint32_t hash = 5381;
  for (const char c : bytes) hash = hash * 33 + byte(c);
  return hash;
}

// Two halves rotated by amounts that the data themselves decide.
std::uint32_t wt6(std::string_view bytes) {
  std::uint32_t a = 0xa53c965a;
  std::uint32_t b = 0x5ca6953a;
  std::uint32_t turn_b = 6;
  std::uint32_t turn_a = 18;
  for (const char c : bytes) {
    a = ~(a ^ byte(c));
    b = ~(b + byte(c));
    a = std::exchange(b, rotate_left(a, turn_a));
    a = rotate_left(a, turn_b);
    const std::uint32_t turns = (a >> 16 ^ b) & 0xffff;
    turn_b = turns & 31;
    turn_a = turns >> 11;
  }
  return a ^ b;
}

std::uint32_t crc32(std::string_view bytes) {
  static const std::array<std::uint32_t, 256> table = crc32_table();
  std::uint32_t crc = ~0U;
  for (const char c : bytes) crc = crc >> 8 ^ table[(crc ^ byte(c)) & 0xff];
  return ~crc;
}

std::uint32_t avalanche(std::uint32_t a) {
  a = (a + 0x7ed55d16) + (a << 12);
  a = (a ^ 0xc761c23c) ^ (a >> 19);
  a = (a + 0x165667b1) + (a << 5);
  a = (a + 0xd3a2646c) ^ (a << 9);
  a = (a + 0xfd7046c5) + (a << 3);
  a = (a ^ 0xb55a4f09) ^ (a >> 16);
  return a * 3221225473U;
}

HashType HashType::parse(std::string_view text) {
  const std::vector<std::string> words = split_words(text);
  const auto wrong = [&] {
    reject("hash-type", "cannot read \"" + std::string(text) + "\"",
           "map-based | consistent, then sdbm | djb2 | wt6 | crc32, "
           "then avalanche");
  };
  if (words.empty() || words.size() > 3) wrong();
  HashType type;
  type.consistent = words[0] == "consistent";
  if (!type.consistent && words[0] != "map-based") wrong();
  // Without a function HAProxy takes sdbm, and for a ring avalanches it; a function comes alone.
  type.avalanched = words.size() == 3 || (words.size() == 1 && type.consistent);
  if (words.size() == 3 && words[2] != "avalanche") wrong();
  if (words.size() == 1 || words[1] == "sdbm") return type;
  if (words[1] == "djb2")
    type.function = djb2;
  else if (words[1] == "wt6")
    type.function = wt6;
  else if (words[1] == "crc32")
    type.function = crc32;
  else
    wrong();
  return type;
}

}  // namespace lbsim::algorithms::haproxy
