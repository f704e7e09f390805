// Power of d choices: the least loaded of d members drawn at random without replacement, in
// proportion to weight. Used by nginx, Envoy, HAProxy and Finagle in variants. Looks at the pool's
// own counters of d members, by weight. Cost per pick: d draws, O(d^2 + d log members).
//
// Of equal ones the first that was drawn wins, so idle members share by weight.
// Source: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 12
// (2001); N. Vvedenskaya, R. Dobrushin, F. Karpelevich, Problems of Information Transmission 32
// (1996).
#include "algorithms/modern/specs.hpp"
#include "algorithms/pool/draws.hpp"

namespace lbsim::algorithms::modern {
namespace {

class PowerOfD final : public pool::Rule {
 public:
  explicit PowerOfD(const pool::Setting& setting)
      : Rule(setting.members),
        choices_(static_cast<std::uint32_t>(setting.parameters.integer("d", 1, 1'000'000))),
        draws_(setting.members, setting.seed) {}

  ServerId pick(const pool::Query& query) override {
    ServerId best = kNoServer;
    for (const ServerId s : draws_.distinct(query, choices_)) {
      if (best == kNoServer || less_loaded(s, best)) best = s;
    }
    return best;
  }

  void changed() override { draws_.changed(); }

 private:
  bool less_loaded(ServerId a, ServerId b) const {
    return std::uint64_t{members_[a].conns} * members_[b].weight <
           std::uint64_t{members_[b].conns} * members_[a].weight;
  }

  std::uint32_t choices_;
  pool::Draws draws_;
};

}  // namespace

AlgorithmSpec power_of_d_spec() {
  return make_spec<PowerOfD>("power_of_d", "the least loaded of d members drawn at random",
                             "Mitzenmacher, The Power of Two Choices in Randomized Load "
                             "Balancing, IEEE TPDS 12 (2001)",
                             {{"d", "2", "1..", "how many members are drawn for a request"}});
}

}  // namespace lbsim::algorithms::modern
