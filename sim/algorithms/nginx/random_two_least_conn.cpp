// random two least_conn: of two different servers drawn by weight, the one with fewer connections
// per weight; the second on a tie, so idle servers are not used in proportion to their weights.
// Cost per pick: two draws, O(log servers).
//
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#random
#include "algorithms/nginx/glibc_random.hpp"
#include "algorithms/nginx/pool.hpp"
#include "algorithms/nginx/ranges.hpp"

namespace lbsim::algorithms::nginx {
namespace {

class RandomTwo final : public Pool {
 public:
  RandomTwo(const PoolConfig& config, const AlgorithmSpec& spec,
            std::shared_ptr<Libraries> libraries)
      : Pool(config, spec, {.counts_conns = true, .usual_misses = 1}, std::move(libraries)),
        ranges_(primary().peers),
        random_(static_cast<std::uint32_t>(config.seed)) {}

 protected:
  PeerIndex look(Group& group, Search& search) override {
    PeerIndex first = kNoPeer;
    while (search.walk.misses <= kMostMisses) {
      const PeerIndex drawn = ranges_.at(random_.next() % ranges_.total());
      if (drawn != first && search.takes(group.peers, drawn)) {
        if (first != kNoPeer) return less_loaded(group.peers, first, drawn);
        first = drawn;
      }
      // The first draw counts as a miss even if it is good.
      ++search.walk.misses;
    }
    return round_robin(group, search);
  }

  Walk first_walk(const Request&) const override { return {.misses = 1}; }

  void weights_changed() override { ranges_.build(primary().peers); }

 private:
  static PeerIndex less_loaded(const Peers& peers, PeerIndex first, PeerIndex second) {
    const std::int64_t load_second = std::int64_t{peers.conns[second]} * peers.weight[first];
    const std::int64_t load_first = std::int64_t{peers.conns[first]} * peers.weight[second];
    return load_second > load_first ? first : second;
  }

  Ranges ranges_;
  GlibcRandom random_;
};

}  // namespace

AlgorithmSpec random_two_least_conn_spec() {
  return make_spec<RandomTwo>(
      "random_two_least_conn", "the less loaded of two random servers",
      "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#random");
}

}  // namespace lbsim::algorithms::nginx
