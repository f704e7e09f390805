// What the methods of nginx share: the life of a request in an upstream block. A method says how to
// look for a server (look); tries, failures and backup groups are here.
//
// Parameters of every method: `proxy_next_upstream`, `tries` (proxy_next_upstream_tries) and
// `sticky` (sticky.hpp). Server fields read: weight, backup, down, max_fails, fail_timeout_s,
// max_conns, address (hash_consistent, sticky), cookie (the route of sticky).
//
// After next() returned none, attempt.server tells why: kNoServer if no further server was
// eligible, the server that failed if the rules allowed no further try.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "algorithms/nginx/peers.hpp"
#include "algorithms/nginx/ring.hpp"
#include "algorithms/nginx/rotation.hpp"
#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::nginx {

// Where a hash or random method stands in the series of servers it proposes for one request.
struct Walk {
  std::uint32_t hash = 0;
  std::uint32_t rehash = 0;  // hashes computed so far
  std::uint32_t misses = 0;  // proposals that were not taken
};

// After more misses than this a request falls back to round robin.
inline constexpr std::uint32_t kMostMisses = 20;

struct Group {
  Peers peers;
  Rotation rotation;
  std::vector<ServerId> ids;  // by PeerIndex
};

// One look for a server in one group.
struct Search {
  const Request& request;
  const Tried* tried;  // null: none
  Walk& walk;
  Time now;

  bool takes(const Peers& peers, PeerIndex i) const {
    return !(tried != nullptr && tried->has(i)) && peers.eligible(i, now);
  }
};

// Tables that the pools of one method share.
struct Libraries {
  CycleLibrary cycles;
  RingLibrary rings;
};

// One request at one peer.
struct Timing {
  Time began{};
  bool header = false;  // that of its response has come
};

struct Traits {
  bool allows_backup = false;      // does the method accept `backup` servers?
  bool counts_conns = false;       // does the method look at the number of connections?
  bool follows_peers = false;      // wants peer_changed()?
  bool times_requests = false;     // wants request_began() and what follows it?
  std::uint32_t usual_misses = 0;  // misses of a search whose first proposal is taken
};

class Pool : public Upstream {
 public:
  Pool(const PoolConfig& config, const AlgorithmSpec& spec, Traits traits,
       std::shared_ptr<Libraries> libraries);

  Pick begin(const Request& request, Attempt& attempt, Time now) override;
  // As begin(), at `server` if that is eligible.
  Pick begin_at(ServerId server, const Request& request, Attempt& attempt, Time now);
  Pick next(const Request& request, Attempt& attempt, Result why, Time now) override;
  void header(Attempt& attempt, Time now) override;
  // A request that ends is no failure, whatever the result: failures are what next() is told of.
  void end(Attempt& attempt, Result result, Time now) override;
  void abandon(std::uint64_t, Time) override {}  // nothing queues here

  // No such thing in nginx without its commercial parts: no active checks, so no verdicts.
  void set_health(ServerId, bool, Time) override {}
  void set_admin(ServerId server, AdminState state, Time now) override;  // not ready: `down`
  void set_weight(ServerId server, int weight, Time now) override;       // weight > 0

  std::size_t size() const override { return places_.size(); }
  std::string describe() const override;

 protected:
  // The peer that the method picks now, or kNoPeer. Does not count the request.
  virtual PeerIndex look(Group& group, Search& search) = 0;
  // The walk as it was after begin() if that took the first proposal.
  virtual Walk first_walk(const Request&) const { return {}; }
  virtual void weights_changed() {}
  // The number of connections or the failures of a peer changed outside look().
  virtual void peer_changed(Group&, PeerIndex) {}
  // A request was given to a peer; the header of its response came; it left the peer, with a
  // response or by failing there. Only with Traits::times_requests.
  virtual void request_began(Group&, PeerIndex, Time) {}
  virtual void header_came(Group&, PeerIndex, const Timing&, Time) {}
  virtual void request_ended(Group&, PeerIndex, const Timing&, bool /*responded*/, Time) {}

  static PeerIndex round_robin(Group& group, const Search& search) {
    return group.rotation.pick(group.peers, search.tried, search.now);
  }

  Group& primary() { return groups_[0]; }
  RingLibrary& rings() { return libraries_->rings; }
  // Primary, and backup if there is one.
  const std::vector<Group>& groups() const { return groups_; }

 private:
  struct Place {
    std::uint32_t group = 0;
    PeerIndex index = 0;
  };
  // A request that is not at its first server, or did not get the first that was proposed.
  struct Record {
    Tried tried;  // in the group of the present server
    Walk walk;
    std::uint32_t tries_left = 0;
    Timing timing;
  };

  std::uint32_t tries() const;
  PeerIndex search_groups(std::uint32_t& group, Search& search);
  Pick take(Attempt& attempt, std::uint32_t group, PeerIndex index, Time now);
  Record& remember(const Request& request, Attempt& attempt);
  void record_begin(const Walk& walk, Attempt& attempt, PeerIndex index);
  void start_timing(Attempt& attempt, Time now);
  void stop_timing(Attempt& attempt, bool responded, Time now);
  std::uint32_t new_record();
  void forget(Attempt& attempt);
  bool allows(Result why) const;  // another try after this?
  void release(ServerId server);

  std::shared_ptr<Libraries> libraries_;
  std::vector<Group> groups_;
  std::vector<Place> places_;  // by ServerId
  std::vector<Record> records_;
  std::vector<std::uint32_t> free_records_;
  std::uint32_t max_tries_ = 0;      // 0: no limit
  std::uint32_t next_upstream_ = 0;  // Result as bit number: which results allow another try
  std::uint32_t usual_misses_;
  bool follows_peers_;
  bool times_requests_;
};

// `pool`, within what the parameter `sticky` asks for. Throws InputError. In sticky.cpp.
std::unique_ptr<Upstream> with_stickiness(std::unique_ptr<Pool> pool, const PoolConfig& config);

// The parameters of every method.
std::vector<ParameterSpec> common_parameters();

// The spec of method `Method`, whose constructor takes (PoolConfig, AlgorithmSpec, Libraries).
// `parameters` are those it has beside the common ones.
template <typename Method>
AlgorithmSpec make_spec(std::string name, std::string summary, std::string source,
                        std::vector<ParameterSpec> parameters = {}) {
  AlgorithmSpec spec{"nginx",           std::move(name),       std::move(summary),
                     std::move(source), std::move(parameters), nullptr};
  for (ParameterSpec& parameter : common_parameters()) {
    spec.parameters.push_back(std::move(parameter));
  }
  spec.make = [described = spec, libraries = std::make_shared<Libraries>()](
                  const PoolConfig& config) -> std::unique_ptr<Upstream> {
    return with_stickiness(std::make_unique<Method>(config, described, libraries), config);
  };
  return spec;
}

}  // namespace lbsim::algorithms::nginx
