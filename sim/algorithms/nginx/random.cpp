// random: a server drawn in proportion to weight. Looks at nothing else.
// Cost per pick: one draw, O(log servers).
//
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#random
#include "algorithms/nginx/glibc_random.hpp"
#include "algorithms/nginx/pool.hpp"
#include "algorithms/nginx/ranges.hpp"

namespace lbsim::algorithms::nginx {
namespace {

class RandomDraw final : public Pool {
 public:
  RandomDraw(const PoolConfig& config, const AlgorithmSpec& spec,
             std::shared_ptr<Libraries> libraries)
      : Pool(config, spec, {}, std::move(libraries)),
        ranges_(primary().peers),
        random_(static_cast<std::uint32_t>(config.seed)) {}

 protected:
  PeerIndex look(Group& group, Search& search) override {
    while (search.walk.misses <= kMostMisses) {
      const PeerIndex peer = ranges_.at(random_.next() % ranges_.total());
      if (search.takes(group.peers, peer)) return peer;
      ++search.walk.misses;
    }
    return round_robin(group, search);
  }

  void weights_changed() override { ranges_.build(primary().peers); }

 private:
  Ranges ranges_;
  GlibcRandom random_;
};

}  // namespace

AlgorithmSpec random_spec() {
  return make_spec<RandomDraw>(
      "random", "a random server, by weight",
      "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#random");
}

}  // namespace lbsim::algorithms::nginx
