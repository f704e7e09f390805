// Fastest (application): the member that answers fastest. Looks at what the pool has sent and got
// back. Cost per pick: O(members).
//
// Published (AskF5 K6406): the system counts each member's outstanding layer 7 requests, and the
// lowest count takes the connection: `measure = requests`. The BIG-IP 4 reference guide said "the
// fastest response of all currently active nodes" of a method with this name: `response_time`.
// Chosen: ties take turns; response times are smoothed as RFC 6298 smooths round trips (a new one
// counts 1/8); a member that has not answered yet comes first; refused connections do not count.
// Source: https://my.f5.com/manage/s/article/K6406
#include "algorithms/f5/specs.hpp"
#include "algorithms/pool/turns.hpp"

namespace lbsim::algorithms::f5 {
namespace {

constexpr int kSmoothing = 8;

class Fastest final : public pool::Rule {
 public:
  explicit Fastest(const pool::Setting& setting)
      : Rule(setting.members), response_(setting.members.size()) {
    const std::string& measure = setting.parameters.text("measure");
    by_time_ = measure == "response_time";
    if (!by_time_ && measure != "requests") {
      reject("measure", "cannot read " + in_quotes(measure), "requests or response_time");
    }
  }

  bool timed() const override { return by_time_; }

  ServerId pick(const pool::Query& query) override {
    const ServerId s = pool::first_in_turn(query, last_, [&](ServerId a, ServerId b) {
      return by_time_ ? response_[a] < response_[b] : members_[a].conns < members_[b].conns;
    });
    if (s != kNoServer) last_ = s;
    return s;
  }

  void finished(ServerId s, Result result, Duration took, Time) override {
    if (!by_time_ || result == Result::refused || result == Result::cancelled) return;
    Duration& response = response_[s];
    response = response == Duration::zero() ? took : response + (took - response) / kSmoothing;
  }

  std::string describe(ServerId s) const override {
    return by_time_ ? "response " + std::to_string(response_[s].count()) + " ps" : "";
  }

 private:
  bool by_time_ = false;
  std::vector<Duration> response_;  // smoothed; zero: none yet
  ServerId last_ = kNoServer;
};

}  // namespace

AlgorithmSpec fastest_spec() {
  return make_spec<Fastest>("fastest", "the member with the fewest outstanding requests",
                            kDynamicMethods,
                            {{"measure", "requests", "requests | response_time",
                              "what is fast: few outstanding requests, or short response times"}});
}

}  // namespace lbsim::algorithms::f5
