// The members of a pool whose rule is no daemon's own: weights, states, the pool's own counters,
// and which of them may be picked at present.
//
// Priority groups, as F5 has them (BIG-IP LTM, "About priority group activation"): the group with
// the highest priority serves; the next lower one is added while those that serve have fewer than
// `min_active` available members in all. Backup servers are the group below the others.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "algorithms/algorithm.hpp"

namespace lbsim::algorithms::pool {

struct Member {
  std::string name;             // unique; what tables of hashes are made of
  std::uint32_t weight = 1;     // 0: takes no new requests
  std::uint32_t conns = 0;      // requests in flight from this pool
  std::uint32_t conns_max = 0;  // 0: no limit
  std::uint32_t sessions = 0;   // clients that stick to it
  std::uint32_t group = 0;      // 0 is the one with the highest priority
  bool up = true;
  AdminState admin = AdminState::ready;
  bool serving = false;  // available and in a group that serves

  bool available() const { return up && admin == AdminState::ready && weight > 0; }
  // Whether a client that sticks to it may go on: drained members and weight 0 keep theirs.
  bool reachable() const { return up && admin != AdminState::maintenance; }
  bool full() const { return conns_max != 0 && conns >= conns_max; }
};

class Members {
 public:
  // `groups`: by server. Names are made unique where the configuration repeats them.
  Members(const std::vector<ServerConfig>& servers, const std::vector<std::uint32_t>& groups,
          std::uint32_t min_active);

  std::size_t size() const { return members_.size(); }
  const Member& operator[](ServerId s) const { return members_[s]; }

  // Those that may be picked, in the order of the configuration.
  const std::vector<ServerId>& serving() const { return serving_; }
  std::uint64_t serving_weight() const { return serving_weight_; }
  std::uint64_t serving_conns() const { return serving_conns_; }
  std::uint32_t full_count() const { return full_count_; }  // of those serving

  void set_up(ServerId s, bool up);
  void set_admin(ServerId s, AdminState state);
  void set_weight(ServerId s, std::uint32_t weight);
  void count_conns(ServerId s, int change);
  void count_sessions(ServerId s, int change);

  // "3 web4: weight 1, in flight 2, up, ready, serving"
  std::string describe(ServerId s) const;

 private:
  void elect();

  std::vector<Member> members_;
  std::vector<std::vector<ServerId>> groups_;  // by Member::group
  std::uint32_t min_active_;
  std::vector<ServerId> serving_;
  std::uint64_t serving_weight_ = 0;
  std::uint64_t serving_conns_ = 0;
  std::uint32_t full_count_ = 0;
};

}  // namespace lbsim::algorithms::pool
