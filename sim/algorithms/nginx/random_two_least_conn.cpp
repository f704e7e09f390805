// random two least_conn: of two different servers drawn by weight, the one with fewer connections
// per weight; the second on a tie, so idle servers are not used in proportion to their weights.
// Cost per pick: two draws, O(log servers).
//
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#random
#include "algorithms/nginx/two_draws.hpp"

namespace lbsim::algorithms::nginx {
namespace {

class RandomTwo final : public Pool {
 public:
  RandomTwo(const PoolConfig& config, const AlgorithmSpec& spec,
            std::shared_ptr<Libraries> libraries)
      : Pool(config, spec, {.counts_conns = true, .usual_misses = 1}, std::move(libraries)),
        draws_(primary().peers, static_cast<std::uint32_t>(config.seed)) {}

 protected:
  PeerIndex look(Group& group, Search& search) override {
    const auto [first, second] = draws_.next(group.peers, search);
    if (second == kNoPeer) return round_robin(group, search);
    return less_loaded(group.peers, first, second);
  }

  Walk first_walk(const Request&) const override { return {.misses = 1}; }

  void weights_changed() override { draws_.weights_changed(primary().peers); }

 private:
  static PeerIndex less_loaded(const Peers& peers, PeerIndex first, PeerIndex second) {
    const std::int64_t load_second = std::int64_t{peers.conns[second]} * peers.weight[first];
    const std::int64_t load_first = std::int64_t{peers.conns[first]} * peers.weight[second];
    return load_second > load_first ? first : second;
  }

  TwoDraws draws_;
};

}  // namespace

AlgorithmSpec random_two_least_conn_spec() {
  return make_spec<RandomTwo>(
      "random_two_least_conn", "the less loaded of two random servers",
      "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#random");
}

}  // namespace lbsim::algorithms::nginx
