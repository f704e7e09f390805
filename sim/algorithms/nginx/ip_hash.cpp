// ip_hash: requests of one client network go to one server. Looks at the first three bytes of an
// IPv4 address, at all of an IPv6 address. Servers out of service keep their share, which is then
// spread by hashing on from the present hash. Cost per pick: O(log servers).
//
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#ip_hash
#include "algorithms/nginx/ip_hash.hpp"

#include "algorithms/nginx/pool.hpp"
#include "algorithms/nginx/ranges.hpp"

namespace lbsim::algorithms::nginx {
namespace {

constexpr std::uint32_t kFirstHash = 89;

std::uint32_t hash_on(std::uint32_t hash, const Address& client) {
  const std::uint8_t* first = client.v6 ? client.bytes : client.bytes + 12;
  const std::uint8_t* last = client.v6 ? first + 16 : first + 3;
  for (; first != last; ++first) hash = (hash * 113 + *first) % 6271;
  return hash;
}

class IpHash final : public Pool {
 public:
  IpHash(const PoolConfig& config, const AlgorithmSpec& spec, std::shared_ptr<Libraries> libraries)
      : Pool(config, spec, {}, std::move(libraries)), ranges_(primary().peers) {}

 protected:
  PeerIndex look(Group& group, Search& search) override {
    Walk& walk = search.walk;
    if (walk.rehash == 0) walk = {.hash = kFirstHash, .rehash = 1};
    while (walk.misses <= kMostMisses) {
      // The hash moves on only when its server is taken or missed: the next look goes on from it.
      walk.hash = hash_on(walk.hash, search.request.client);
      const PeerIndex peer = ranges_.at(walk.hash % ranges_.total());
      if (search.takes(group.peers, peer)) return peer;
      ++walk.misses;
    }
    return round_robin(group, search);
  }

  Walk first_walk(const Request& request) const override {
    return {.hash = hash_on(kFirstHash, request.client), .rehash = 1};
  }

  void weights_changed() override { ranges_.build(primary().peers); }

 private:
  Ranges ranges_;
};

}  // namespace

std::uint32_t ip_hash_of(const Address& client) { return hash_on(kFirstHash, client); }

AlgorithmSpec ip_hash_spec() {
  return make_spec<IpHash>("ip_hash", "hash of the client's address (the /24 of an IPv4 address)",
                           "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#ip_hash");
}

}  // namespace lbsim::algorithms::nginx
