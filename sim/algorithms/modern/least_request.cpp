// Least request over all members, as Envoy's full scan: the member with the greatest
// weight / (requests in flight + 1)^bias. Looks at weights and the pool's own counters. Cost per
// pick: O(members).
//
// Envoy applies the formula to the weights of its rotation where weights differ, and counts
// requests alone where they do not; with a full scan the greatest value is both. bias 0 looks at
// weights alone, larger ones at requests more. Of equal ones Envoy draws; here they take turns.
// Source: https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/
// load_balancers#weighted-least-request
#include "algorithms/modern/specs.hpp"
#include "algorithms/pool/turns.hpp"
#include "core/math.hpp"

namespace lbsim::algorithms::modern {
namespace {

class LeastRequest final : public pool::Rule {
 public:
  explicit LeastRequest(const pool::Setting& setting)
      : Rule(setting.members), bias_(setting.parameters.number("bias", 0, 16)) {}

  ServerId pick(const pool::Query& query) override {
    const ServerId s = pool::first_in_turn(query, last_, [&](ServerId a, ServerId b) {
      return bias_ == 1 ? fewer(a, b) : value(a) > value(b);
    });
    if (s != kNoServer) last_ = s;
    return s;
  }

 private:
  // value(a) > value(b) with a bias of 1, without rounding.
  bool fewer(ServerId a, ServerId b) const {
    return std::uint64_t{members_[a].weight} * (std::uint64_t{members_[b].conns} + 1) >
           std::uint64_t{members_[b].weight} * (std::uint64_t{members_[a].conns} + 1);
  }
  double value(ServerId s) const {
    return members_[s].weight / exact_pow(members_[s].conns + 1.0, bias_);
  }

  double bias_;
  ServerId last_ = kNoServer;
};

}  // namespace

AlgorithmSpec least_request_spec() {
  return make_spec<LeastRequest>("least_request", "the fewest requests in flight for the weight",
                                 "Envoy, Supported load balancers, weighted least request",
                                 {{"bias", "1", "0..16", "how much requests in flight count"}});
}

}  // namespace lbsim::algorithms::modern
