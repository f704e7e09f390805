#include "algorithms/dns/prefix.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

namespace lbsim::algorithms::dns {

std::size_t address_size(const Address& address) { return address.v6 ? 16 : 4; }

const std::uint8_t* address_bytes(const Address& address) {
  return address.bytes + 16 - address_size(address);
}

bool address_bit(const Address& address, unsigned bit) {
  return (address_bytes(address)[bit / 8] >> (7 - bit % 8)) & 1;
}

Address network_address(const Prefix& prefix) {
  Address result = prefix.address;
  std::uint8_t* bytes = result.bytes + 16 - address_size(result);
  for (unsigned bit = prefix.length; bit < address_bits(result); ++bit) {
    bytes[bit / 8] &= static_cast<std::uint8_t>(~(1u << (7 - bit % 8)));
  }
  return result;
}

unsigned common_prefix_bits(const Address& a, const Address& b) {
  if (a.v6 != b.v6) return 0;
  unsigned bit = 0;
  while (bit < address_bits(a) && address_bit(a, bit) == address_bit(b, bit)) ++bit;
  return bit;
}

std::optional<Address> parse_address(std::string_view text) {
  const std::string owned(text);
  Address result;
  if (inet_pton(AF_INET, owned.c_str(), result.bytes + 12) == 1) return result;
  if (inet_pton(AF_INET6, owned.c_str(), result.bytes) != 1) return std::nullopt;
  result.v6 = true;
  return result;
}

std::optional<Prefix> parse_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<Address> address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  unsigned length = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + slash + 1, end, length);
  if (error != std::errc() || rest != end || length > address_bits(*address)) return std::nullopt;
  return Prefix{*address, static_cast<std::uint8_t>(length)};
}

std::string to_text(const Address& address) {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address_bytes(address), text, sizeof text);
  return text;
}

}  // namespace lbsim::algorithms::dns
