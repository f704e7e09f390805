// balance static-rr: a walk over a table in which servers stand in proportion to their weights.
// Weights cannot change at run time, servers can come and go. O(1) per pick while servers have free
// slots. Source: HAProxy 2.6 configuration manual, section 4.2, "balance".
#include "algorithms/haproxy/method.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

class StaticRoundRobin : public PickRule {
 public:
  explicit StaticRoundRobin(const Servers& servers)
      : PickRule(servers, {.trusts_queue = true, .any_server_will_do = true}),
        map_(make_map(servers)) {}

  ServerId pick(const Key&, ServerId avoid) override { return map_->walk(avoid); }
  void server_changed(ServerId s, std::uint32_t old_weight, bool was_usable) override {
    map_->server_changed(s, old_weight, was_usable);
  }
  std::string describe() const override { return map_->describe(); }

 private:
  std::unique_ptr<Table> map_;
};

}  // namespace

AlgorithmSpec static_rr_spec() {
  return backend_spec(
      "static-rr", "round robin over a fixed table of the weights", {},
      [](const Servers& servers, const Parameters&) -> std::unique_ptr<PickRule> {
        return std::make_unique<StaticRoundRobin>(servers);
      },
      WeightScale::fixed);
}

}  // namespace lbsim::algorithms::haproxy
