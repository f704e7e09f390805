#include "algorithms/dns/glibc.hpp"

#include <algorithm>
#include <cstring>

#include "algorithms/dns/prefix_map.hpp"

namespace lbsim::algorithms::dns {
namespace {

// RFC 3484 section 2.1 with glibc's additions for private use (gai.conf(5)). IPv4 addresses are
// looked up as IPv4-mapped ones.
struct Policy {
  const char* prefix;
  int label;
  int precedence;
};
constexpr Policy kPolicies[] = {
    {"::1/128", 0, 50},       {"::/0", 1, 40},      {"2002::/16", 2, 30}, {"::/96", 3, 20},
    {"::ffff:0:0/96", 4, 10}, {"fec0::/10", 5, 40}, {"fc00::/7", 6, 40},  {"2001::/32", 7, 40},
};

constexpr std::uint8_t kLinkLocalScope = 2;
constexpr std::uint8_t kSiteLocalScope = 5;
constexpr std::uint8_t kGlobalScope = 14;

const Policy& policy_of(const Address& address) {
  static const PrefixMap policies = [] {
    PrefixMap map;
    for (std::size_t i = 0; i < std::size(kPolicies); ++i) {
      map.insert(*parse_prefix(kPolicies[i].prefix), static_cast<PrefixMap::Value>(i));
    }
    return map;
  }();
  Address looked_up = address;
  if (!address.v6) {
    std::memset(looked_up.bytes + 10, 0xff, 2);
    looked_up.v6 = true;
  }
  return kPolicies[policies.match(looked_up).value];
}

std::uint8_t scope_of(const Address& address) {
  const std::uint8_t* bytes = address_bytes(address);
  if (!address.v6) {
    const bool local = bytes[0] == 127 || (bytes[0] == 169 && bytes[1] == 254);
    return local ? kLinkLocalScope : kGlobalScope;
  }
  if (bytes[0] == 0xff) return bytes[1] & 0x0f;  // multicast carries its scope
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) return kLinkLocalScope;
  if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0xc0) return kSiteLocalScope;
  Address loopback;
  loopback.v6 = true;
  loopback.bytes[15] = 1;
  return common_prefix_bits(address, loopback) == 128 ? kLinkLocalScope : kGlobalScope;
}

}  // namespace

GlibcSorter::GlibcSorter(const RecordTable& table,
                         const std::vector<std::optional<Prefix>>& sources, bool host_has_ipv6) {
  LBSIM_CHECK(sources.size() == table.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    keys_.push_back(key_of(table[static_cast<RecordIndex>(i)].address, sources[i], host_has_ipv6));
  }
}

GlibcSorter::Key GlibcSorter::key_of(const Address& destination,
                                     const std::optional<Prefix>& source, bool host_has_ipv6) {
  Key key;
  key.v6 = destination.v6;
  key.scope = scope_of(destination);
  key.precedence = static_cast<std::uint8_t>(policy_of(destination).precedence);
  if (!source) return key;
  key.reachable = true;
  key.scope_matches = scope_of(source->address) == key.scope;
  key.label_matches = policy_of(source->address).label == policy_of(destination).label;
  const unsigned common = common_prefix_bits(source->address, destination);
  const bool counts = destination.v6 || (host_has_ipv6 && common >= source->length);
  key.common_bits = static_cast<std::uint8_t>(counts ? common : 0);
  return key;
}

bool GlibcSorter::before(const Key& a, const Key& b) {
  if (a.reachable != b.reachable) return a.reachable;
  if (a.scope_matches != b.scope_matches) return a.scope_matches;
  if (a.label_matches != b.label_matches) return a.label_matches;
  if (a.precedence != b.precedence) return a.precedence > b.precedence;
  if (a.scope != b.scope) return a.scope < b.scope;
  return a.v6 == b.v6 && a.common_bits > b.common_bits;
}

Order GlibcSorter::sorted(const Order& dns_order) const {
  Order result;
  for (const bool v6 : {true, false}) {
    for (const RecordIndex record : dns_order) {
      if (keys_[record].v6 == v6) result.push_back(record);
    }
  }
  // Insertion sort: stable, no allocation, and the lists are short.
  for (std::size_t i = 1; i < result.size(); ++i) {
    for (std::size_t j = i; j > 0 && before(keys_[result[j]], keys_[result[j - 1]]); --j) {
      std::swap(result[j], result[j - 1]);
    }
  }
  return result;
}

}  // namespace lbsim::algorithms::dns
