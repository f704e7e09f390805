// hash KEY consistent: ketama. Each server owns 160 points per unit of weight on a circle of 2^32;
// a key belongs to the first point at or after its hash. Looks at the key and at the servers'
// addresses as written. A server that is not eligible leaves its keys to the next points. Cost per
// pick: O(key + log points), and O(servers) for weight recovery after failures.
//
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#hash
#include <algorithm>

#include "algorithms/nginx/crc32.hpp"
#include "algorithms/nginx/key.hpp"
#include "algorithms/nginx/parameters.hpp"
#include "algorithms/nginx/pool.hpp"

namespace lbsim::algorithms::nginx {
namespace {

constexpr std::int32_t kPointsPerWeight = 160;

struct Point {
  std::uint32_t hash;
  PeerIndex owner;  // the first peer with the address that the point belongs to
};

// CRC of host, a zero byte and port, split at the last colon if digits follow it.
Crc32 address_crc(std::string_view address) {
  std::string_view host = address;
  std::string_view port;
  if (address.size() >= 5 && address.substr(0, 5) == "unix:") {
    host.remove_prefix(5);
  } else {
    const std::size_t colon = address.find_last_not_of("0123456789");
    if (colon != std::string_view::npos && address[colon] == ':') {
      host = address.substr(0, colon);
      port = address.substr(colon + 1);
    }
  }
  Crc32 crc;
  return crc.add(host).add(std::string_view("", 1)).add(port);
}

class HashConsistent final : public Pool {
 public:
  HashConsistent(const PoolConfig& config, const AlgorithmSpec& spec,
                 std::shared_ptr<CycleLibrary> library)
      : Pool(config, spec, {}, std::move(library)), key_(parameter(config, spec, "key")) {
    for (const ServerConfig& server : config.servers) addresses_.push_back(server.address);
    for (const std::string& address : addresses_) {
      const auto first = std::find(addresses_.begin(), addresses_.end(), address);
      twin_.push_back(static_cast<PeerIndex>(first - addresses_.begin()));
      has_twins_ = has_twins_ || twin_.back() + 1 != twin_.size();
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
      const PeerIndex peer = pick_of(group, points_[walk.hash % points_.size()].owner, search);
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
    points_.clear();
    for (PeerIndex peer = 0; peer < addresses_.size(); ++peer) {
      const Crc32 base = address_crc(addresses_[peer]);
      std::uint32_t hash = 0;
      for (std::int32_t n = primary().peers.weight[peer] * kPointsPerWeight; n > 0; --n) {
        hash = Crc32(base).add_word(hash).value();
        points_.push_back({hash, twin_[peer]});
      }
    }
    // Of equal points the one configured first stays.
    std::stable_sort(points_.begin(), points_.end(),
                     [](const Point& a, const Point& b) { return a.hash < b.hash; });
    const auto last = std::unique(points_.begin(), points_.end(),
                                  [](const Point& a, const Point& b) { return a.hash == b.hash; });
    points_.erase(last, points_.end());
  }

 private:
  // Walk::hash is the number of the point.
  Walk start(std::string_view key) const {
    const std::uint32_t hash = Crc32().add(key).value();
    const auto point =
        std::lower_bound(points_.begin(), points_.end(), hash,
                         [](const Point& p, std::uint32_t value) { return p.hash < value; });
    return {.hash = static_cast<std::uint32_t>(point - points_.begin()), .rehash = 1};
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
  std::vector<Point> points_;
};

}  // namespace

AlgorithmSpec hash_consistent_spec() {
  return make_spec<HashConsistent>(
      "hash_consistent", "ketama consistent hash of a key",
      "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#hash",
      {{"key", "$request_uri", "text with $variables", "what is hashed"}});
}

}  // namespace lbsim::algorithms::nginx
