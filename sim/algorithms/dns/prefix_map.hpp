// Values by network prefix: the longest prefix that holds an address decides. Binary tries, one per
// address family.
#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/dns/prefix.hpp"

namespace lbsim::algorithms::dns {

class PrefixMap {
 public:
  using Value = std::int32_t;
  static constexpr Value kNone = -1;

  struct Match {
    Value value = kNone;
    unsigned length = 0;  // of the prefix that matched
  };

  // `fallback` is the value of addresses in no prefix.
  explicit PrefixMap(Value fallback = kNone);

  void insert(const Prefix& prefix, Value value);
  Match match(const Address& address) const;

  // Length of the shortest prefix around `address` in which every address has the same value.
  unsigned uniform_length(const Address& address) const;

 private:
  struct Node {
    std::int32_t child[2] = {-1, -1};
    Value value = kNone;
  };

  std::int32_t root(const Address& address) const { return address.v6 ? 1 : 0; }
  bool is_uniform(std::int32_t node, Value inherited, Value wanted) const;

  Value fallback_;
  std::vector<Node> nodes_;
};

}  // namespace lbsim::algorithms::dns
