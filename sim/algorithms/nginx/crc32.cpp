#include "algorithms/nginx/crc32.hpp"

#include <array>

namespace lbsim::algorithms::nginx {
namespace {

// kTable[k][b]: the effect of byte b followed by k zero bytes, so that four bytes take one step.
using Table = std::array<std::array<std::uint32_t, 256>, 4>;

constexpr Table make_table() {
  Table table{};
  for (std::uint32_t b = 0; b < 256; ++b) {
    std::uint32_t c = b;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? 0xedb88320u ^ (c >> 1) : c >> 1;
    table[0][b] = c;
  }
  for (std::size_t k = 1; k < 4; ++k) {
    for (std::size_t b = 0; b < 256; ++b) {
      const std::uint32_t before = table[k - 1][b];
      table[k][b] = (before >> 8) ^ table[0][before & 0xff];
    }
  }
  return table;
}

constexpr Table kTable = make_table();

std::uint32_t four_bytes(std::uint32_t state, std::uint32_t word) {
  const std::uint32_t x = state ^ word;
  return kTable[3][x & 0xff] ^ kTable[2][x >> 8 & 0xff] ^ kTable[1][x >> 16 & 0xff] ^
         kTable[0][x >> 24];
}

}  // namespace

Crc32& Crc32::add(std::string_view bytes) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  std::size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4) {
    state_ = four_bytes(state_, byte(i) | byte(i + 1) << 8 | byte(i + 2) << 16 | byte(i + 3) << 24);
  }
  for (; i < bytes.size(); ++i) state_ = (state_ >> 8) ^ kTable[0][(state_ ^ byte(i)) & 0xff];
  return *this;
}

Crc32& Crc32::add_word(std::uint32_t word) {
  state_ = four_bytes(state_, word);
  return *this;
}

}  // namespace lbsim::algorithms::nginx
