// Smooth weighted round robin, nginx's default method. Looks at weights and failures.
// Cost per pick: O(1) while the eligible servers do not change, else O(servers).
//
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#server
#include "algorithms/nginx/pool.hpp"

namespace lbsim::algorithms::nginx {
namespace {

class RoundRobin final : public Pool {
 public:
  RoundRobin(const PoolConfig& config, const AlgorithmSpec& spec,
             std::shared_ptr<Libraries> libraries)
      : Pool(config, spec, {.allows_backup = true}, std::move(libraries)) {}

  Pick begin(const Request& request, Attempt& attempt, Time now) override {
    Group& group = primary();
    if (!group.rotation.riding(group.peers, now)) return Pool::begin(request, attempt, now);
    const PeerIndex index = group.rotation.ride();
    group.peers.picked(index, now);
    attempt = {group.ids[index], 0};
    return Pick::server;
  }

 protected:
  PeerIndex look(Group& group, Search& search) override { return round_robin(group, search); }
};

}  // namespace

AlgorithmSpec round_robin_spec() {
  return make_spec<RoundRobin>(
      "round_robin", "smooth weighted round robin",
      "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#upstream");
}

}  // namespace lbsim::algorithms::nginx
