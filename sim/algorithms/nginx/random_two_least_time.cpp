// random two least_time=header|last_byte, of nginx's commercial version: of two different servers
// drawn by weight, the one that least_time would prefer; the second on a tie, as in random two
// least_conn. Cost per pick: two draws, O(log servers).
//
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#random
#include "algorithms/nginx/timed_pool.hpp"
#include "algorithms/nginx/two_draws.hpp"

namespace lbsim::algorithms::nginx {
namespace {

class RandomTwoLeastTime final : public TimedPool {
 public:
  RandomTwoLeastTime(const PoolConfig& config, const AlgorithmSpec& spec,
                     std::shared_ptr<Libraries> libraries)
      : TimedPool(config, spec, {.usual_misses = 1}, std::move(libraries), false),
        draws_(primary().peers, static_cast<std::uint32_t>(config.seed)) {}

 protected:
  PeerIndex look(Group& group, Search& search) override {
    const auto [first, second] = draws_.next(group.peers, search);
    if (second == kNoPeer) return round_robin(group, search);
    return load_of_a_above_b(group, second, first, search.now) > 0 ? first : second;
  }

  Walk first_walk(const Request&) const override { return {.misses = 1}; }

  void weights_changed() override { draws_.weights_changed(primary().peers); }

 private:
  TwoDraws draws_;
};

}  // namespace

AlgorithmSpec random_two_least_time_spec() {
  return make_spec<RandomTwoLeastTime>(
      "random_two_least_time", "the one of two random servers with the shorter response time",
      "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#random", {time_parameter()});
}

}  // namespace lbsim::algorithms::nginx
