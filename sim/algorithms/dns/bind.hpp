// BIND 9 rrset-order, for a zone's RRset: cyclic rotates the canonical order by one counter per
// RRset that all clients share; random draws one 32-bit number for the whole shuffle; none keeps
// the canonical order. `fixed` is compiled out of distributions' packages and acts as cyclic.
// Source: BIND 9 Administrator Reference Manual, "rrset-order"; behaviour of BIND 9.18.
#pragma once

#include <cstdint>

#include "algorithms/dns/authority.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::dns {

enum class BindOrder : std::uint8_t { cyclic, random, none };

// The shuffle that BIND does: the one number decides every swap, so only lcm(1..n) orders can occur
// (12 of 24 for n = 4). The first place is uniform.
void bind_shuffle(Order& order, std::uint32_t number);

// `base` as BIND orders it next; moves the counter on, or draws.
Order bind_ordered(BindOrder kind, const Order& base, std::uint32_t& counter, Random& random);

class BindAuthority : public Authority {
 public:
  // `counter`: where the rotation starts. A process numbers its RRsets as it loads them, and that
  // number is the start: about 32 for the first address set of a server's first zone.
  BindAuthority(const RecordTable& table, BindOrder kind, std::uint32_t counter, Random& random);

  Answer answer(const Query& query, Time now) override;
  std::string describe() const override;

 protected:
  void records_changed() override;

 private:
  BindOrder kind_;
  std::uint32_t counter_;
  Random* random_;
  Order canonical_;
};

}  // namespace lbsim::algorithms::dns
