// What a DNS question carries that an answer may depend on, and what an answer carries.
#pragma once

#include <cstdint>
#include <string_view>

#include "algorithms/dns/order.hpp"
#include "algorithms/dns/prefix.hpp"

namespace lbsim::algorithms::dns {

enum class Rcode : std::uint8_t { no_error = 0, server_failure = 2, name_error = 3 };

struct Query {
  std::uint16_t id = 0;
  Address source;
  bool has_subnet = false;  // an EDNS client-subnet option (RFC 7871) came along
  Prefix subnet;
  std::string_view name;  // lives only during the call

  // The address that a choice by location or by hash is made for.
  Address client() const { return has_subnet ? network_address(subnet) : source; }
};

inline constexpr std::int16_t kNoScope = -1;

struct Answer {
  Order order;
  std::uint32_t ttl_s = 0;  // of a negative answer: min(SOA TTL, SOA minimum), RFC 2308
  Rcode rcode = Rcode::no_error;
  std::int16_t scope = kNoScope;  // client-subnet scope

  bool negative() const { return order.empty(); }
};

}  // namespace lbsim::algorithms::dns
