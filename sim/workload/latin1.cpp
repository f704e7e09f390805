#include "workload/latin1.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace lbsim::workload {
namespace {

constexpr std::array<bool, 256> make_space_table() {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c) table[static_cast<std::size_t>(c)] = is_space(static_cast<char>(c));
  return table;
}

constexpr std::array<bool, 256> kIsSpace = make_space_table();

struct Utf8Lead {
  std::size_t continuation_bytes;  // 0 = no lead byte
  unsigned char second_low;        // bounds of the second byte, which rule out overlong forms,
  unsigned char second_high;       // surrogates and code points above U+10FFFF
};

Utf8Lead lead_of(unsigned char byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return {1, 0x80, 0xbf};
  if (byte == 0xe0) return {2, 0xa0, 0xbf};
  if (byte == 0xed) return {2, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {2, 0x80, 0xbf};
  if (byte == 0xf0) return {3, 0x90, 0xbf};
  if (byte >= 0xf1 && byte <= 0xf3) return {3, 0x80, 0xbf};
  if (byte == 0xf4) return {3, 0x80, 0x8f};
  return {0, 0, 0};
}

}  // namespace

std::size_t end_of_word(std::string_view text, std::size_t at) {
  while (at < text.size() && !kIsSpace[static_cast<unsigned char>(text[at])]) ++at;
  return at;
}

std::size_t end_of_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

bool is_blank(std::string_view text) { return std::all_of(text.begin(), text.end(), is_space); }

bool is_ascii(std::string_view bytes) {
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t eight;
    std::memcpy(&eight, bytes.data() + at, 8);
    if (eight & 0x8080808080808080u) return false;
  }
  for (; at < bytes.size(); ++at) {
    if (static_cast<unsigned char>(bytes[at]) > 127) return false;
  }
  return true;
}

bool is_utf8(std::string_view bytes) {
  const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (byte_at(at) < 0x80) continue;
    const Utf8Lead lead = lead_of(byte_at(at));
    const std::size_t last = at + lead.continuation_bytes;
    if (lead.continuation_bytes == 0 || last >= bytes.size()) return false;
    if (byte_at(at + 1) < lead.second_low || byte_at(at + 1) > lead.second_high) return false;
    for (std::size_t i = at + 2; i <= last; ++i) {
      if ((byte_at(i) & 0xc0) != 0x80) return false;
    }
    at = last;
  }
  return true;
}

std::string utf8_from_latin1(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const char c : bytes) {
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0 | (u >> 6));
      text += static_cast<char>(0x80 | (u & 0x3f));
    }
  }
  return text;
}

}  // namespace lbsim::workload
