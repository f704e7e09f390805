// RRsets without a choice: always the zone's order, as most servers give it; or shuffled uniformly
// for every answer, as gdnsd and PowerDNS do with any RRset.
#pragma once

#include "algorithms/dns/authority.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::dns {

class FixedAuthority : public Authority {
 public:
  using Authority::Authority;
  Answer answer(const Query&, Time) override { return answer_with(records()); }
};

class ShuffledAuthority : public Authority {
 public:
  ShuffledAuthority(const RecordTable& table, Random& random)
      : Authority(table), random_(&random) {}

  Answer answer(const Query&, Time) override {
    Answer result = answer_with(records());
    shuffle(result.order, *random_);
    return result;
  }

 private:
  Random* random_;
};

}  // namespace lbsim::algorithms::dns
