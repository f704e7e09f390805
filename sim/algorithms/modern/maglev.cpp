// Maglev hashing: a table that the members fill in turn, each along its own permutation of the
// entries; a key's hash names an entry. Google's network load balancer, Envoy, Cilium, Katran.
// Looks at weights and at who serves. Cost per pick: O(1); per change O(table size + members).
//
// A request that may not take the member of its entry goes on along the table.
// Source: D. Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI
// 2016, section 3.4. Weights are left to the reader there; these are as Envoy documents them.
#include "algorithms/modern/maglev_table.hpp"
#include "algorithms/modern/specs.hpp"
#include "algorithms/pool/keys.hpp"

namespace lbsim::algorithms::modern {
namespace {

bool is_prime(int n) {
  for (int d = 2; d * d <= n; ++d) {
    if (n % d == 0) return false;
  }
  return n > 1;
}

class Maglev final : public pool::Rule {
 public:
  explicit Maglev(const pool::Setting& setting) : Rule(setting.members), key_(setting.parameters) {
    const int size = setting.parameters.integer("table_size", 2, 5'000'011);
    if (!is_prime(size) || static_cast<std::size_t>(size) < members_.size()) {
      reject("table_size", std::to_string(size) + " will not do",
             "a prime number above the number of servers, such as 65537 or 655373");
    }
    size_ = static_cast<std::size_t>(size);
  }

  ServerId pick(const pool::Query& query) override {
    if (members_.serving().empty()) return kNoServer;
    if (stale_) fill();
    const std::uint64_t entry = key_.of(query.request) % size_;
    for (std::size_t step = 0; step < size_; ++step) {
      const ServerId s = table_[(entry + step) % size_];
      if (query.takes(s)) return s;
    }
    return kNoServer;
  }

  void changed() override { stale_ = true; }

 private:
  void fill() {
    stale_ = false;
    std::vector<MaglevShare> shares;
    for (const ServerId s : members_.serving()) {
      shares.push_back({s, members_[s].name, members_[s].weight});
    }
    table_ = maglev_table(shares, size_);
  }

  pool::HashKey key_;
  std::size_t size_ = 0;
  std::vector<ServerId> table_;
  bool stale_ = true;
};

}  // namespace

AlgorithmSpec maglev_spec() {
  return make_spec<Maglev>(
      "maglev", "an even table that members fill along permutations of their own",
      "Eisenbud et al., Maglev, NSDI 2016, section 3.4",
      {pool::key_parameter(),
       {"table_size", "65537", "a prime number above the number of servers", "entries"}});
}

}  // namespace lbsim::algorithms::modern
