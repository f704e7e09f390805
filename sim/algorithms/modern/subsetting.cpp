// Deterministic subsetting: each client of a big service speaks to a subset of its servers, so that
// connections are few and yet spread evenly; round robin within it. Looks at the client's number.
// Cost per pick: O(1) while the subset serves.
//
// With n servers and subsets of size k, clients in a row form rounds of n div k; each round
// shuffles the servers by its own seed and gives each client the next k of them, so that in a round
// no server is in two subsets. Weights do not count, but for 0. Where nobody of the subset may be
// taken, the servers after it in the round's order stand in, which the source does not say. Source:
// B. Beyer et al. (ed.), Site Reliability Engineering (O'Reilly 2016), chapter 20, "Load Balancing
// in the Datacenter".
#include "algorithms/modern/specs.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::modern {
namespace {

class Subsetting final : public pool::Rule {
 public:
  explicit Subsetting(const pool::Setting& setting) : Rule(setting.members) {
    const auto servers = static_cast<std::uint64_t>(members_.size());
    size_ = std::min<std::uint64_t>(servers, static_cast<std::uint64_t>(setting.parameters.integer(
                                                 "subset_size", 1, 1'000'000)));
    const bool by_seed = setting.parameters.text("client") == "seed";
    const std::uint64_t client =
        by_seed ? setting.seed >> 32 : setting.parameters.unsigned_integer("client");
    const std::uint64_t subsets = servers / size_;
    first_ = client % subsets * size_;
    for (ServerId s = 0; s < servers; ++s) order_.push_back(s);
    Random random(client / subsets, "subsetting");
    for (std::uint64_t left = servers; left > 1; --left) {
      const std::uint64_t other = random.below(left);
      std::swap(order_[left - 1], order_[other]);
    }
  }

  ServerId pick(const pool::Query& query) override {
    for (std::uint64_t step = 0; step < order_.size(); ++step) {
      const bool within = step < size_;
      const std::uint64_t place = within ? (turn_ + step) % size_ : step;
      const ServerId s = order_[(first_ + place) % order_.size()];
      if (!query.takes(s)) continue;
      if (within) turn_ = (place + 1) % size_;
      return s;
    }
    return kNoServer;
  }

  std::string describe() const override {
    std::string text = "subset:";
    for (std::uint64_t i = 0; i < size_; ++i) text += " " + std::to_string(order_[first_ + i]);
    return text + ", turn " + std::to_string(turn_);
  }

 private:
  std::uint64_t size_ = 1;
  std::uint64_t first_ = 0;  // where the subset begins in order_
  std::uint64_t turn_ = 0;
  std::vector<ServerId> order_;
};

}  // namespace

AlgorithmSpec subsetting_spec() {
  return make_spec<Subsetting>(
      "subsetting", "round robin within the client's deterministic subset of the servers",
      "Site Reliability Engineering, chapter 20, Load Balancing in the Datacenter",
      {{"subset_size", "20", "1..1000000", "servers that a client speaks to"},
       {"client", "seed", "seed | 0..4294967295",
        "the client's number; clients in a row are spread evenly; seed: a random one"}});
}

}  // namespace lbsim::algorithms::modern
