// Network prefixes: client-subnet options, geographic databases, interface networks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::dns {

struct Prefix {
  Address address;
  std::uint8_t length = 0;
};

// 4 or 16: the bytes that count of Address::bytes, which start at address_bytes().
std::size_t address_size(const Address& address);
const std::uint8_t* address_bytes(const Address& address);
inline unsigned address_bits(const Address& address) { return address.v6 ? 128 : 32; }

// Bit 0 is the most significant one.
bool address_bit(const Address& address, unsigned bit);
Address network_address(const Prefix& prefix);                    // host bits zero
unsigned common_prefix_bits(const Address& a, const Address& b);  // 0 if of different families

// "192.0.2.1", "2001:db8::1"; "10.0.0.0/8". Nothing if the text is none.
std::optional<Address> parse_address(std::string_view text);
std::optional<Prefix> parse_prefix(std::string_view text);

std::string to_text(const Address& address);

}  // namespace lbsim::algorithms::dns
