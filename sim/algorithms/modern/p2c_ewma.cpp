// Power of two choices by peak EWMA: of two members drawn by weight the one whose smoothed latency
// times (requests in flight + 1) is smaller. Finagle's default for HTTP and Linkerd's. Looks at the
// pool's own counters and at how long its own requests took. Cost per pick: two draws, two exp.
//
// Latency rises at once to a peak and falls with exp(-t / decay), also without requests. A member
// with requests in flight and no latency yet is costlier than any with one, so that a cold one gets
// one request at a time. What was refused or given up by the client does not count.
// Source:
// https://twitter.github.io/finagle/guide/Clients.html#power-of-two-choices-p2c-least-loaded and
// the peak EWMA load metric it names; linkerd.io, "Beyond round robin: load balancing for latency"
// (2016).
#include "algorithms/modern/specs.hpp"
#include "algorithms/pool/draws.hpp"
#include "core/math.hpp"

namespace lbsim::algorithms::modern {
namespace {

// Seconds that no latency reaches: the cost of not knowing one.
constexpr double kPenalty = 1e9;

class PeakEwma final : public pool::Rule {
 public:
  explicit PeakEwma(const pool::Setting& setting)
      : Rule(setting.members),
        decay_s_(setting.parameters.number("decay", 0.001, 86400)),
        costs_(setting.members.size()),
        draws_(setting.members, setting.seed) {}

  bool timed() const override { return true; }

  ServerId pick(const pool::Query& query) override {
    const std::vector<ServerId>& two = draws_.distinct(query, 2);
    if (two.empty()) return kNoServer;
    if (two.size() == 1) return two[0];
    return load(two[1], query.now) < load(two[0], query.now) ? two[1] : two[0];
  }

  void finished(ServerId s, Result result, Duration took, Time now) override {
    if (result == Result::refused || result == Result::cancelled) return;
    Cost& cost = costs_[s];
    const double keep = kept(cost, now);
    const double took_s = to_seconds(took);
    cost = {took_s > cost.value_s ? took_s : cost.value_s * keep + took_s * (1 - keep), now};
  }

  void changed() override { draws_.changed(); }

  std::string describe(ServerId s) const override {
    return "latency " + std::to_string(costs_[s].value_s) + " s at " +
           std::to_string(to_seconds(costs_[s].at)) + " s";
  }

 private:
  struct Cost {
    double value_s = 0;
    Time at{};
  };

  double kept(const Cost& cost, Time now) const {
    return exact_exp(-to_seconds(now - cost.at) / decay_s_);
  }

  double load(ServerId s, Time now) const {
    const Cost& cost = costs_[s];
    const double conns = members_[s].conns;
    if (cost.value_s == 0 && conns > 0) return kPenalty + conns;
    return cost.value_s * kept(cost, now) * (conns + 1);
  }

  double decay_s_;
  std::vector<Cost> costs_;
  pool::Draws draws_;
};

}  // namespace

AlgorithmSpec p2c_ewma_spec() {
  return make_spec<PeakEwma>(
      "p2c_ewma", "of two drawn members the one with less latency times requests in flight",
      "Finagle, Clients, Power of Two Choices and Peak EWMA",
      {{"decay", "10", "0.001..86400", "seconds in which an old latency loses 63 %"}});
}

}  // namespace lbsim::algorithms::modern
