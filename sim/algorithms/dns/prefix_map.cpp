#include "algorithms/dns/prefix_map.hpp"

namespace lbsim::algorithms::dns {

PrefixMap::PrefixMap(Value fallback) : fallback_(fallback), nodes_(2) {}

void PrefixMap::insert(const Prefix& prefix, Value value) {
  std::int32_t node = root(prefix.address);
  for (unsigned bit = 0; bit < prefix.length; ++bit) {
    const bool side = address_bit(prefix.address, bit);
    if (nodes_[node].child[side] < 0) {
      nodes_[node].child[side] = static_cast<std::int32_t>(nodes_.size());
      nodes_.emplace_back();
    }
    node = nodes_[node].child[side];
  }
  nodes_[node].value = value;
}

PrefixMap::Match PrefixMap::match(const Address& address) const {
  Match best{.value = fallback_, .length = 0};
  std::int32_t node = root(address);
  for (unsigned depth = 0; node >= 0; ++depth) {
    if (nodes_[node].value != kNone) best = {.value = nodes_[node].value, .length = depth};
    if (depth == address_bits(address)) break;
    node = nodes_[node].child[address_bit(address, depth)];
  }
  return best;
}

bool PrefixMap::is_uniform(std::int32_t node, Value inherited, Value wanted) const {
  if (node < 0) return inherited == wanted;
  if (nodes_[node].value != kNone) inherited = nodes_[node].value;
  const Node& here = nodes_[node];
  // Without children the node's own value holds everywhere below it.
  if (here.child[0] < 0 && here.child[1] < 0) return inherited == wanted;
  return is_uniform(here.child[0], inherited, wanted) &&
         is_uniform(here.child[1], inherited, wanted);
}

unsigned PrefixMap::uniform_length(const Address& address) const {
  const Value wanted = match(address).value;
  Value inherited = fallback_;
  std::int32_t node = root(address);
  unsigned depth = 0;
  while (!is_uniform(node, inherited, wanted)) {
    if (nodes_[node].value != kNone) inherited = nodes_[node].value;
    node = nodes_[node].child[address_bit(address, depth)];
    ++depth;
  }
  return depth;
}

}  // namespace lbsim::algorithms::dns
