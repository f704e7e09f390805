// hash KEY: requests with one key go to one server; with a server more or less most keys move.
// Looks at the key. A server that is not eligible is rehashed: a counter is put before the key, and
// the new hash is added to those before, as Cache::Memcached does. Cost per pick: O(key + log
// servers).
//
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#hash
#include "algorithms/nginx/crc32.hpp"
#include "algorithms/nginx/key.hpp"
#include "algorithms/nginx/pool.hpp"
#include "algorithms/nginx/ranges.hpp"
#include "algorithms/parameters.hpp"

namespace lbsim::algorithms::nginx {
namespace {

class Hash final : public Pool {
 public:
  Hash(const PoolConfig& config, const AlgorithmSpec& spec, std::shared_ptr<Libraries> libraries)
      : Pool(config, spec, {}, std::move(libraries)),
        key_(Parameters(config.parameters, spec.parameters).text("key")),
        ranges_(primary().peers) {}

 protected:
  PeerIndex look(Group& group, Search& search) override {
    const std::string_view key = key_.of(search.request, buffer_);
    Walk& walk = search.walk;
    while (!key.empty() && walk.misses <= kMostMisses) {
      hash_on(walk, key);
      const PeerIndex peer = ranges_.at(walk.hash % ranges_.total());
      if (search.takes(group.peers, peer)) return peer;
      ++walk.misses;
    }
    return round_robin(group, search);
  }

  Walk first_walk(const Request& request) const override {
    std::string buffer;
    const std::string_view key = key_.of(request, buffer);
    Walk walk;
    if (!key.empty()) hash_on(walk, key);
    return walk;
  }

  void weights_changed() override { ranges_.build(primary().peers); }

 private:
  static void hash_on(Walk& walk, std::string_view key) {
    Crc32 crc;
    if (walk.rehash > 0) crc.add(std::to_string(walk.rehash));
    walk.hash += crc.add(key).value() >> 16 & 0x7fff;
    ++walk.rehash;
  }

  Key key_;
  std::string buffer_;
  Ranges ranges_;
};

}  // namespace

AlgorithmSpec hash_spec() {
  return make_spec<Hash>("hash", "hash of a key, modulo the total weight",
                         "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#hash",
                         {key_parameter()});
}

}  // namespace lbsim::algorithms::nginx
