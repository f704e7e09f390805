// The 32-bit hash of Bob Jenkins, "Hash functions", Dr. Dobb's Journal, September 1997 (lookup2,
// 1996), which PowerDNS and dnsdist hash addresses and names with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lbsim::algorithms::dns {

std::uint32_t jenkins_hash(const std::uint8_t* bytes, std::size_t size, std::uint32_t start);

// Of a DNS name in wire form (length-prefixed labels, the root's empty one included) and lower
// case.
std::uint32_t jenkins_name_hash(std::string_view name, std::uint32_t start);

}  // namespace lbsim::algorithms::dns
