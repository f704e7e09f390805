#include "algorithms/dns/jenkins.hpp"

#include <array>

#include "core/check.hpp"

namespace lbsim::algorithms::dns {
namespace {

struct Mixer {
  std::uint32_t a = 0x9e3779b9;  // the golden ratio, an arbitrary value
  std::uint32_t b = 0x9e3779b9;
  std::uint32_t c;

  void mix() {
    a -= b, a -= c, a ^= c >> 13;
    b -= c, b -= a, b ^= a << 8;
    c -= a, c -= b, c ^= b >> 13;
    a -= b, a -= c, a ^= c >> 12;
    b -= c, b -= a, b ^= a << 16;
    c -= a, c -= b, c ^= b >> 5;
    a -= b, a -= c, a ^= c >> 3;
    b -= c, b -= a, b ^= a << 10;
    c -= a, c -= b, c ^= b >> 15;
  }
};

// Up to four bytes, least significant first.
std::uint32_t word(const std::uint8_t* bytes, std::size_t size) {
  std::uint32_t result = 0;
  for (std::size_t i = 0; i < size && i < 4; ++i) result |= std::uint32_t{bytes[i]} << (8 * i);
  return result;
}

}  // namespace

std::uint32_t jenkins_hash(const std::uint8_t* bytes, std::size_t size, std::uint32_t start) {
  Mixer mixer{.c = start};
  std::size_t left = size;
  for (; left >= 12; left -= 12, bytes += 12) {
    mixer.a += word(bytes, 4);
    mixer.b += word(bytes + 4, 4);
    mixer.c += word(bytes + 8, 4);
    mixer.mix();
  }
  mixer.a += word(bytes, left);
  if (left > 4) mixer.b += word(bytes + 4, left - 4);
  // The lowest byte of c is the length's.
  if (left > 8) mixer.c += word(bytes + 8, left - 8) << 8;
  mixer.c += static_cast<std::uint32_t>(size);
  mixer.mix();
  return mixer.c;
}

std::uint32_t jenkins_name_hash(std::string_view name, std::uint32_t start) {
  std::array<std::uint8_t, 256> wire{};
  LBSIM_CHECK(name.size() < wire.size() - 1);
  std::size_t length_at = 0;
  std::size_t end = 1;
  for (const char c : name) {
    if (c == '.') {
      length_at = end++;
      continue;
    }
    const bool upper = c >= 'A' && c <= 'Z';
    wire[end++] = static_cast<std::uint8_t>(upper ? c - 'A' + 'a' : c);
    ++wire[length_at];
  }
  // A name written with its final dot has its empty root label already.
  if (wire[length_at] != 0) ++end;
  return jenkins_hash(wire.data(), end, start);
}

}  // namespace lbsim::algorithms::dns
