// PowerDNS Lua records that pick one address: pickrandom, pickwrandom, pickhashed, pickwhashed. The
// hashed ones depend on the client's address alone. The weights of the geoip backend are
// pickwrandom's. Source: PowerDNS Authoritative documentation, "Lua reference"; behaviour of
// PowerDNS 4.7.
#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/dns/authority.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::dns {

enum class PowerdnsPick : std::uint8_t { random, weighted_random, hashed, weighted_hashed };

class PowerdnsPicker : public Authority {
 public:
  PowerdnsPicker(const RecordTable& table, PowerdnsPick kind, Random& random);
  Answer answer(const Query& query, Time now) override;

 protected:
  void records_changed() override;

 private:
  RecordIndex at(std::uint64_t point) const;

  PowerdnsPick kind_;
  Random* random_;
  Order walk_;               // the order in which weights are summed
  std::uint64_t total_ = 0;  // of the weights
};

// The order in which PowerDNS sees a list of n entries: it passes through a hash map keyed 1..n,
// and what comes out is the map's order. Up to 13 entries it is the reverse of the configured one.
std::vector<std::size_t> hash_map_order(std::size_t n);

}  // namespace lbsim::algorithms::dns
