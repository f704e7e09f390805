// least_conn: the server with the fewest connections per weight; smooth weighted round robin among
// equals. Looks at its own connections, weights and failures. Cost per pick: O(servers), on vector
// units while no failed server is on its way back; O(log servers) in large pools (turns.hpp).
//
// Source: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#least_conn
#include <numeric>

#include "algorithms/nginx/least_loaded.hpp"
#include "algorithms/nginx/pool.hpp"

namespace lbsim::algorithms::nginx {
namespace {

// nginx compares conns_a * weight_b with conns_b * weight_a. The same order by one number per peer:
// conns * (m / weight) with m the least common multiple of the weights, as long as it fits.
class Loads {
 public:
  explicit Loads(const Peers& peers) : load_(peers.size()), unit_(peers.size()) { measure(peers); }

  // The weights are new.
  void measure(const Peers& peers) {
    constexpr std::int64_t kLargest = 1 << 26;
    std::int64_t divisor = 0;
    for (const std::int64_t weight : peers.weight) divisor = std::gcd(divisor, weight);
    std::int64_t multiple = 1;
    for (const std::int64_t weight : peers.weight) {
      multiple = std::lcm(multiple, weight / divisor);
      if (multiple > kLargest) break;
    }
    measurable_ = multiple <= kLargest;
    for (PeerIndex i = 0; measurable_ && i < peers.size(); ++i) {
      unit_[i] = static_cast<std::int32_t>(multiple / (peers.weight[i] / divisor));
    }
    current_ = false;
  }

  // Are the loads what nginx would compare? Brings them up to date where that is possible.
  bool current(Group& group, Time now) {
    Peers& peers = group.peers;
    if (peers.quarantine_over(now)) return false;
    if (current_ && changes_ == peers.failure_changes()) return true;
    // A peer whose weight is reduced by failures recovers with each tie: only a walk sees to that.
    group.rotation.materialise(peers);
    if (!peers.settled()) return false;
    changes_ = peers.failure_changes();
    current_ = group.rotation.turns().begin(peers, true);
    if (current_ || !measurable_) return current_;
    current_ = true;
    for (PeerIndex i = 0; i < peers.size(); ++i) update(group, i);
    return current_;
  }

  void update(Group& group, PeerIndex i) {
    const Peers& peers = group.peers;
    if (group.rotation.turns().active()) return group.rotation.turns().update(group.peers, i);
    const std::int64_t load = std::int64_t{peers.conns[i]} * unit_[i];
    if (load >= kClosed) current_ = false;
    const bool closed = !peers.unrestricted() && peers.closed(i);
    load_[i] = closed ? kClosed : static_cast<std::int32_t>(load);
  }

  // Before another rule uses the currents.
  void leave_turns(Group& group) {
    if (!group.rotation.turns().active()) return;
    group.rotation.materialise(group.peers);
    current_ = false;
  }

  PeerIndex pick(Group& group) const {
    if (group.rotation.turns().active()) return group.rotation.turns().pick();
    Peers& peers = group.peers;
    return least_loaded(load_.data(), peers.weight.data(), peers.current.data(), load_.size());
  }

 private:
  std::vector<std::int32_t> load_;
  std::vector<std::int32_t> unit_;
  std::uint32_t changes_ = 0;  // Peers::failure_changes() that load_ stands for
  bool measurable_ = false;
  bool current_ = false;
};

// The rule as it is, for whatever state the peers are in.
PeerIndex pick_by_comparing(Peers& peers, const Search& search) {
  const auto load_of_a_above_b = [&](PeerIndex a, PeerIndex b) {
    return std::int64_t{peers.conns[a]} * peers.weight[b] -
           std::int64_t{peers.conns[b]} * peers.weight[a];
  };
  PeerIndex least = kNoPeer;
  bool many = false;
  for (PeerIndex i = 0; i < peers.size(); ++i) {
    if (!search.takes(peers, i)) continue;
    const std::int64_t above = least == kNoPeer ? -1 : load_of_a_above_b(i, least);
    if (above < 0) {
      least = i;
      many = false;
    } else if (above == 0) {
      many = true;
    }
  }
  if (!many) return least;
  return peers.smooth_pick(
      [&](PeerIndex i) { return load_of_a_above_b(i, least) == 0 && search.takes(peers, i); });
}

class LeastConn final : public Pool {
 public:
  LeastConn(const PoolConfig& config, const AlgorithmSpec& spec,
            std::shared_ptr<Libraries> libraries)
      : Pool(config, spec, {.allows_backup = true, .counts_conns = true, .follows_peers = true},
             std::move(libraries)) {
    for (const Group& group : groups()) loads_.emplace_back(group.peers);
  }

 protected:
  PeerIndex look(Group& group, Search& search) override {
    Loads& loads = loads_of(group);
    if (search.tried == nullptr && loads.current(group, search.now)) return loads.pick(group);
    loads.leave_turns(group);
    return pick_by_comparing(group.peers, search);
  }

  void peer_changed(Group& group, PeerIndex peer) override { loads_of(group).update(group, peer); }

  void weights_changed() override {
    for (std::size_t g = 0; g < loads_.size(); ++g) loads_[g].measure(groups()[g].peers);
  }

 private:
  Loads& loads_of(const Group& group) {
    return loads_[static_cast<std::size_t>(&group - groups().data())];
  }

  std::vector<Loads> loads_;  // by group
};

}  // namespace

AlgorithmSpec least_conn_spec() {
  return make_spec<LeastConn>(
      "least_conn", "the server with the fewest connections per weight",
      "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#least_conn");
}

}  // namespace lbsim::algorithms::nginx
