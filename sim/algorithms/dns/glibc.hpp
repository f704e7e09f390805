// glibc getaddrinfo's order of a name's addresses, which a stub uses first to last: AAAA before A
// in DNS order, then sorted by the rules of RFC 3484 with the default tables of gai.conf(5):
// reachable first, scope of source and destination equal, labels equal, higher precedence, smaller
// scope, then the longer prefix in common with the own source address. For IPv4 that last rule
// looks only inside the source's interface network, and only on a host with a non-loopback IPv6
// address (glibc learns its network masks no other way). So rotation by DNS survives on an
// IPv4-only host.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "algorithms/dns/prefix.hpp"
#include "algorithms/dns/records.hpp"

namespace lbsim::algorithms::dns {

class GlibcSorter {
 public:
  // `sources`, by RecordIndex: the address that the host would send from and its interface's prefix
  // length; none if there is no route. A stub's cost per answer is that of a small sort.
  GlibcSorter(const RecordTable& table, const std::vector<std::optional<Prefix>>& sources,
              bool host_has_ipv6);

  Order sorted(const Order& dns_order) const;

 private:
  struct Key {
    bool v6 = false;
    bool reachable = false;
    bool scope_matches = false;
    bool label_matches = false;
    std::uint8_t precedence = 0;
    std::uint8_t scope = 0;
    std::uint8_t common_bits = 0;
  };
  static Key key_of(const Address& destination, const std::optional<Prefix>& source,
                    bool host_has_ipv6);
  static bool before(const Key& a, const Key& b);

  std::vector<Key> keys_;  // by RecordIndex
};

}  // namespace lbsim::algorithms::dns
