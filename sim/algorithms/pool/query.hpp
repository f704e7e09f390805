// One look for a member: what a rule may pick for it, and what the request says.
#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/pool/members.hpp"
#include "algorithms/pool/slow_start.hpp"
#include "algorithms/upstream.hpp"
#include "core/random.hpp"
#include "core/time.hpp"

namespace lbsim::algorithms::pool {

// The members that one request has tried.
class Tried {
 public:
  bool has(ServerId s) const { return s / 64 < words_.size() && (words_[s / 64] >> s % 64 & 1); }
  void add(ServerId s) {
    if (s / 64 >= words_.size()) words_.resize(s / 64 + 1);
    words_[s / 64] |= std::uint64_t{1} << s % 64;
  }
  void clear() { words_.clear(); }

 private:
  std::vector<std::uint64_t> words_;
};

// What keeps a request from some of the members that serve.
struct Barriers {
  const Tried* tried = nullptr;           // null: none yet
  const SlowStart* slow_start = nullptr;  // null: does not matter
  // Thousandths of the mean load for its weight that a member may carry; 0: no bound. With c the
  // factor, T the requests in flight with this one, w of W the weight: ceil(c T w / W), the bound
  // of V. Mirrokni, M. Thorup and M. Zadimoghaddam, "Consistent Hashing with Bounded Loads",
  // SODA 2018.
  std::uint64_t bound_thousandths = 0;
};

class Query {
 public:
  Query(const Members& members, const Barriers& barriers, const Request& for_request, Time at,
        std::vector<ServerId>& probe_wishes)
      : request(for_request),
        now(at),
        probes(probe_wishes),
        members_(members),
        barriers_(barriers),
        open_(members.full_count() == 0 && barriers.tried == nullptr &&
              barriers.bound_thousandths == 0 && barriers.slow_start == nullptr) {}

  const Request& request;
  Time now;
  std::vector<ServerId>& probes;  // servers whose report the rule wants; see Upstream::probes

  // Nothing is in the way: every member that serves may be taken.
  bool open() const { return open_; }
  bool takes(ServerId s) const { return members_[s].serving && (open_ || passes(s)); }
  // The members that may be taken, in the order of the configuration. O(1) if open.
  const std::vector<ServerId>& candidates() const;

  // Most requests that the bound allows the member, this one included.
  std::uint64_t most_conns(ServerId s) const;

 private:
  bool passes(ServerId s) const;

  const Members& members_;
  const Barriers& barriers_;
  bool open_;
  mutable std::vector<ServerId> candidates_;
};

}  // namespace lbsim::algorithms::pool
