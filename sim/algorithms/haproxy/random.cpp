// balance random(N): the least loaded of N servers drawn from the consistent ring. Looks at weights
// (through the ring, so shares follow its arcs) and at requests being served. O(N) per pick.
// Source: HAProxy 2.6 configuration manual, section 4.2, "balance"; Mitzenmacher, "The Power of Two
// Choices in Randomized Load Balancing" (2001). The generator is Marsaglia's "Xorshift RNGs"
// (2003), and starts at the same state in every process: PoolConfig::seed plays no part.
#include "algorithms/haproxy/method.hpp"
#include "algorithms/haproxy/table.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

class RandomDraws : public PickRule {
 public:
  RandomDraws(const Servers& servers, int draws)
      : PickRule(servers, {.any_server_will_do = true}),
        draws_(draws),
        ring_(make_ring(servers, 0)) {}

  ServerId pick(const Key&, ServerId avoid) override {
    ServerId best = ring_->find(draw(), avoid);
    for (int i = 1; i < draws_; ++i) {
      const ServerId s = ring_->find(draw(), avoid);
      if (!busier(s, best)) best = s;
    }
    return servers_.full(best) ? kNoServer : best;
  }

  void server_changed(ServerId s, std::uint32_t old_weight, bool was_usable) override {
    ring_->server_changed(s, old_weight, was_usable);
  }
  std::string describe() const override {
    return ring_->describe() + ", generator at " + std::to_string(state_);
  }

 private:
  // On a tie the later draw stays.
  bool busier(ServerId a, ServerId b) const {
    return servers_[a].served * servers_[b].weight > servers_[b].served * servers_[a].weight;
  }

  std::uint32_t draw() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }

  int draws_;
  std::unique_ptr<Table> ring_;
  std::uint32_t state_ = 2463534242U;
};

}  // namespace

AlgorithmSpec random_spec() {
  return backend_spec(
      "random", "the least loaded of several servers drawn at random",
      {{"draws", "2", "1..", "how many servers are drawn for a request"}},
      [](const Servers& servers, const Parameters& parameters) -> std::unique_ptr<PickRule> {
        return std::make_unique<RandomDraws>(servers, parameters.integer("draws", 1, 1'000'000));
      });
}

}  // namespace lbsim::algorithms::haproxy
