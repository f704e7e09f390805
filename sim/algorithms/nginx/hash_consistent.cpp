// hash KEY consistent: each server owns many points on a circle of hashes; a key belongs to the
// first point at or after its hash. Looks at the key and at the servers' addresses as written. A
// server that is not eligible leaves its keys to the next points. Cost per pick: O(key).
//
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#hash
#include <algorithm>

#include "algorithms/nginx/crc32.hpp"
#include "algorithms/nginx/key.hpp"
#include "algorithms/nginx/pool.hpp"
#include "algorithms/nginx/ring.hpp"
#include "algorithms/parameters.hpp"

namespace lbsim::algorithms::nginx {
namespace {

class HashConsistent final : public Pool {
 public:
  HashConsistent(const PoolConfig& config, const AlgorithmSpec& spec,
                 std::shared_ptr<Libraries> libraries)
      : Pool(config, spec, {}, std::move(libraries)),
        key_(Parameters(config.parameters, spec.parameters).text("key")) {
    for (const ServerConfig& server : config.servers) {
      const auto first = std::find_if(config.servers.begin(), config.servers.end(),
                                      [&](const auto& s) { return s.address == server.address; });
      addresses_.push_back(server.address);
      twin_.push_back(static_cast<PeerIndex>(first - config.servers.begin()));
      has_twins_ = has_twins_ || &*first != &server;
    }
    weights_changed();
  }

 protected:
  PeerIndex look(Group& group, Search& search) override {
    const std::string_view key = key_.of(search.request, buffer_);
    if (key.empty()) return round_robin(group, search);
    Walk& walk = search.walk;
    if (walk.rehash == 0) walk = start(key);
    while (walk.misses <= kMostMisses) {
      const PeerIndex peer = pick_of(group, ring_->owner(walk.hash), search);
      if (peer != kNoPeer) return peer;
      ++walk.hash;
      ++walk.misses;
    }
    return round_robin(group, search);
  }

  Walk first_walk(const Request& request) const override {
    std::string buffer;
    const std::string_view key = key_.of(request, buffer);
    return key.empty() ? Walk{} : start(key);
  }

  void weights_changed() override {
    Ring::Servers servers;
    for (PeerIndex i = 0; i < addresses_.size(); ++i) {
      servers.emplace_back(addresses_[i], primary().peers.weight[i]);
    }
    ring_ = rings().get(servers,
                        [](const Ring::Servers& key) { return std::make_shared<const Ring>(key); });
  }

 private:
  // Walk::hash is the number of the point.
  Walk start(std::string_view key) const {
    return {.hash = ring_->point_at(Crc32().add(key).value()), .rehash = 1};
  }

  // A peer with the address of `owner`; smooth weighted round robin if several have it. With one,
  // the currents stay as they are, and only the recovery of its effective weight is left.
  PeerIndex pick_of(Group& group, PeerIndex owner, const Search& search) {
    Peers& peers = group.peers;
    if (has_twins_) {
      group.rotation.materialise(peers);
      return peers.smooth_pick(
          [&](PeerIndex i) { return twin_[i] == owner && search.takes(peers, i); });
    }
    if (!search.takes(peers, owner)) return kNoPeer;
    if (peers.effective[owner] < peers.weight[owner]) ++peers.effective[owner];
    return owner;
  }

  Key key_;
  std::string buffer_;
  std::vector<std::string> addresses_;
  std::vector<PeerIndex> twin_;  // by peer: the first peer with the same address
  bool has_twins_ = false;
  std::shared_ptr<const Ring> ring_;
};

}  // namespace

AlgorithmSpec hash_consistent_spec() {
  return make_spec<HashConsistent>(
      "hash_consistent", "ketama consistent hash of a key",
      "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#hash", {key_parameter()});
}

}  // namespace lbsim::algorithms::nginx
