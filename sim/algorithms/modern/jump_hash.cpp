// Jump hash: a key's bucket is a server's place in the configuration, so servers may come and go at
// the end only. Google's storage systems, Istio-like shard maps. Looks at the key alone. Cost per
// pick: O(log servers).
//
// The paper knows neither weights nor failures. Here weights do not count, but for 0; a key whose
// member may not be taken is hashed again, up to 32 times, and then goes to the next in line.
// Source: J. Lamping, E. Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm", arXiv
// 1406.2294 (2014).
#include "algorithms/modern/jump.hpp"
#include "algorithms/modern/specs.hpp"
#include "algorithms/pool/keys.hpp"
#include "algorithms/pool/turns.hpp"

namespace lbsim::algorithms::modern {
namespace {

constexpr std::uint64_t kMostHashes = 32;

class JumpHash final : public pool::Rule {
 public:
  explicit JumpHash(const pool::Setting& setting)
      : Rule(setting.members), key_(setting.parameters) {}

  ServerId pick(const pool::Query& query) override {
    const auto servers = static_cast<std::uint32_t>(members_.size());
    const std::uint64_t key = key_.of(query.request);
    ServerId s = jump(key, servers);
    for (std::uint64_t i = 0; i < kMostHashes && !query.takes(s); ++i) {
      s = jump(pool::mix(key, i), servers);
    }
    return query.takes(s) ? s : pool::next_in_turn(query, members_, s);
  }

 private:
  pool::HashKey key_;
};

}  // namespace

AlgorithmSpec jump_hash_spec() {
  return make_spec<JumpHash>("jump_hash", "buckets that a key leaves only for the newest",
                             "Lamping, Veach, A Fast, Minimal Memory, Consistent Hash Algorithm, "
                             "arXiv 1406.2294 (2014)",
                             {pool::key_parameter()});
}

}  // namespace lbsim::algorithms::modern
