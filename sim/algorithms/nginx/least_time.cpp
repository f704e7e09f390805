// least_time header|last_byte [inflight], of nginx's commercial version: the server with the least
// average response time and the fewest active connections, by weight; smooth weighted round robin
// among equals. How the two are put together is in response_times.hpp. Cost per pick: O(servers).
//
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#least_time
#include "algorithms/nginx/timed_pool.hpp"
#include "algorithms/parameters.hpp"

namespace lbsim::algorithms::nginx {
namespace {

class LeastTime final : public TimedPool {
 public:
  LeastTime(const PoolConfig& config, const AlgorithmSpec& spec,
            std::shared_ptr<Libraries> libraries)
      : TimedPool(config, spec, {.allows_backup = true}, std::move(libraries),
                  Parameters(config.parameters, spec.parameters).flag("inflight")) {}

 protected:
  PeerIndex look(Group& group, Search& search) override {
    Peers& peers = group.peers;
    PeerIndex least = kNoPeer;
    bool many = false;
    for (PeerIndex i = 0; i < peers.size(); ++i) {
      if (!search.takes(peers, i)) continue;
      const std::int64_t above =
          least == kNoPeer ? -1 : load_of_a_above_b(group, i, least, search.now);
      if (above < 0) least = i;
      many = above == 0 || (many && above > 0);
    }
    if (!many) return least;
    return peers.smooth_pick([&](PeerIndex i) {
      return search.takes(peers, i) && load_of_a_above_b(group, i, least, search.now) == 0;
    });
  }
};

}  // namespace

AlgorithmSpec least_time_spec() {
  return make_spec<LeastTime>(
      "least_time", "the least average response time and fewest connections per weight",
      "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#least_time",
      {time_parameter(),
       {"inflight", "off", "on | off", "incomplete requests count with their age so far"}});
}

}  // namespace lbsim::algorithms::nginx
