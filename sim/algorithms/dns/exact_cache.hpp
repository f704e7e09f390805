// A cache as the textbook has it: an answer is kept for its TTL to the instant, and given as it
// came. Real ones count in whole seconds and turn the order; compare the other caches.
#pragma once

#include "algorithms/dns/cache.hpp"

namespace lbsim::algorithms::dns {

class ExactCache final : public ResolverCache {
 public:
  Lookup lookup(const Query& query, Time now, Answer& answer) override;
  void fill(const Answer& fetched, Time now) override;
  Answer forward(const Query& query, const Answer& fetched, Time now) override;

 private:
  Time expires_{};  // the last instant at which it may be given
};

}  // namespace lbsim::algorithms::dns
