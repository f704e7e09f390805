// gdnsd multifo and simplefo: live addresses only, unless too few live. Answers are shuffled.
// Source: gdnsd-plugin-multifo(8), gdnsd-plugin-simplefo(8); behaviour of gdnsd 3.8.
#pragma once

#include "algorithms/dns/authority.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::dns {


// The smallest live amount of `total` at which the dead are left out.
std::uint64_t gdnsd_needed(double up_threshold, std::uint64_t total);

class GdnsdMultifo : public Authority {
 public:
  GdnsdMultifo(const RecordTable& table, double up_threshold, Random& random);
  Answer answer(const Query& query, Time now) override;

 private:
  double up_threshold_;
  Random* random_;
};

// The first record is the primary, the second the secondary, which is given only if it is up and
// the primary is down.
class GdnsdSimplefo : public Authority {
 public:
  using Authority::Authority;
  Answer answer(const Query& query, Time now) override;
};

}  // namespace lbsim::algorithms::dns
