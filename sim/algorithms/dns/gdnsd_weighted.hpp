// gdnsd weighted: one live item with probability weight/total (single), or each live item kept with
// probability weight/largest weight (multi). If the live weight is below ceil(up_thresh * total),
// everything counts as live. Source: gdnsd-plugin-weighted(8); behaviour of gdnsd 3.8.
#pragma once

#include "algorithms/dns/authority.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::dns {

class GdnsdWeighted : public Authority {
 public:
  GdnsdWeighted(const RecordTable& table, bool multi, double up_threshold, Random& random);
  Answer answer(const Query& query, Time now) override;

 private:
  Order candidates() const;
  std::uint64_t weight(RecordIndex record) const;

  bool multi_;
  double up_threshold_;
  Random* random_;
};

}  // namespace lbsim::algorithms::dns
