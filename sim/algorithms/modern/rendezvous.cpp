// Rendezvous hashing (highest random weight): each member scores with a hash of key and name, the
// highest score wins. GitHub's director, Ceph's straw2 in idea. Looks at weights. Cost per pick:
// O(members), with a logarithm for each where weights differ.
//
// With weights the score is -w / ln(u), u in (0, 1) from the hash, so that shares are w / W and a
// change of one weight moves keys to or from that member alone; with equal weights that order is
// the order of the hashes.
// Source: D. Thaler, C. Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", IEEE/ACM
// ToN 6 (1998); C. Schindelhauer, G. Schomaker, "Weighted Distributed Hash Tables", SPAA 2005.
#include "algorithms/modern/specs.hpp"
#include "algorithms/pool/keys.hpp"
#include "core/math.hpp"

namespace lbsim::algorithms::modern {
namespace {

class Rendezvous final : public pool::Rule {
 public:
  explicit Rendezvous(const pool::Setting& setting)
      : Rule(setting.members), key_(setting.parameters) {
    for (ServerId s = 0; s < members_.size(); ++s) {
      names_.push_back(pool::hash_of(members_[s].name, 1));
    }
    changed();
  }

  ServerId pick(const pool::Query& query) override {
    const std::uint64_t key = key_.of(query.request);
    return equal_ ? highest<std::uint64_t>(query, [&](ServerId s) { return hash(key, s); })
                  : highest<double>(query, [&](ServerId s) { return score(key, s); });
  }

  void changed() override {
    equal_ = true;
    for (const ServerId s : members_.serving()) {
      equal_ = equal_ && members_[s].weight == members_[members_.serving()[0]].weight;
    }
  }

 private:
  template <typename Score, typename Of>
  static ServerId highest(const pool::Query& query, Of score_of) {
    ServerId best = kNoServer;
    Score best_score{};
    for (const ServerId s : query.candidates()) {
      const Score score = score_of(s);
      if (best == kNoServer || score > best_score) {
        best = s;
        best_score = score;
      }
    }
    return best;
  }

  std::uint64_t hash(std::uint64_t key, ServerId s) const { return pool::mix(key, names_[s]); }

  double score(std::uint64_t key, ServerId s) const {
    const double u = (static_cast<double>(hash(key, s) >> 12) + 0.5) * 0x1p-52;
    return -static_cast<double>(members_[s].weight) / exact_log(u);
  }

  pool::HashKey key_;
  std::vector<std::uint64_t> names_;  // hashes, by server
  bool equal_ = true;                 // all weights are the same
};

}  // namespace

AlgorithmSpec rendezvous_spec() {
  return make_spec<Rendezvous>(
      "rendezvous", "the highest hash of key and name, by weight",
      "Thaler, Ravishankar, Using Name-Based Mappings to Increase Hit Rates, IEEE/ACM ToN 6 (1998)",
      {pool::key_parameter()});
}

}  // namespace lbsim::algorithms::modern
