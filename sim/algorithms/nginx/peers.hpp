// The servers of one group (primary or backup) of an nginx upstream block, and what every method
// knows of them: weights and currents of smooth weighted round robin, connections, failures.
// Stored as one array per quantity, because the O(N) picks read one or two quantities of all peers.
//
// Sources: the `server` directive in nginx's documentation of ngx_http_upstream_module; behaviour
// checked against nginx 1.22.1.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "core/time.hpp"

namespace lbsim::algorithms::nginx {

// nginx sees whole seconds only.
using Seconds = std::int32_t;

inline Seconds whole_seconds(Time now) {
  return static_cast<Seconds>(now.time_since_epoch().count() / seconds(1).count());
}

using PeerIndex = std::uint32_t;  // position in its group
inline constexpr PeerIndex kNoPeer = ~PeerIndex{0};

// The peers of a group that one request has tried.
class Tried {
 public:
  bool has(PeerIndex i) const { return i / 64 < words_.size() && (words_[i / 64] >> i % 64 & 1); }
  void add(PeerIndex i) {
    if (i / 64 >= words_.size()) words_.resize(i / 64 + 1);
    words_[i / 64] |= std::uint64_t{1} << i % 64;
  }
  void clear() { words_.clear(); }

 private:
  std::vector<std::uint64_t> words_;
};

class Peers {
 public:
  // `accounts_failures` false: as nginx treats a lone server, which is never marked failed.
  // `counts` true: connections are counted even where no max_conns needs them.
  Peers(const std::vector<ServerConfig>& members, bool accounts_failures, bool counts);

  std::size_t size() const { return weight.size(); }
  std::int32_t total_weight() const { return total_weight_; }
  bool down(PeerIndex i) const { return limits_[i].down; }
  // Peers without `down`: what they add to the number of tries of a request.
  std::uint32_t tries() const { return static_cast<std::uint32_t>(size()) - down_count_; }

  // May peer i be picked at `now`?
  bool eligible(PeerIndex i, Time now) const {
    return unrestricted() || eligible_at(i, whole_seconds(now));
  }
  bool eligible_at(PeerIndex i, Seconds now) const {
    const Limits& limits = limits_[i];
    return !limits.down && !full(i) && !(failed_out(i) && now - limits.checked <= limits.timeout);
  }
  // Not eligible, as long as no quarantine_end() has passed.
  bool closed(PeerIndex i) const { return limits_[i].down || full(i) || failed_out(i); }
  // All peers are eligible, with no failure to remember.
  bool unrestricted() const { return watched_ + down_count_ + full_count_ == 0; }

  // First second at which a peer that failed becomes eligible again.
  Seconds quarantine_end() const { return quarantine_end_; }
  bool quarantine_over(Time now) const {
    return watched_ != 0 && whole_seconds(now) >= quarantine_end_;
  }

  // Smooth weighted round robin among the peers for which `takes_part`: each gains its effective
  // weight, the largest current wins (the first on a tie) and pays what all gained. A peer that
  // takes part also recovers one unit of effective weight. kNoPeer if none takes part.
  template <typename Predicate>
  PeerIndex smooth_pick(Predicate takes_part) {
    PeerIndex best = kNoPeer;
    std::int32_t total = 0;
    for (PeerIndex i = 0; i < size(); ++i) {
      if (!takes_part(i)) continue;
      current[i] += effective[i];
      total += effective[i];
      if (effective[i] < weight[i]) ++effective[i];
      if (best == kNoPeer || current[i] > current[best]) best = i;
    }
    if (best != kNoPeer) current[best] -= total;
    return best;
  }

  // A request was given to peer i, was taken from it, failed there, or ended well there.
  void picked(PeerIndex i, Time now) {
    if (counts_) connect(i);
    if (watched_ != 0) start_probe(i, whole_seconds(now));
  }
  void released(PeerIndex i) {
    if (counts_) disconnect(i);
  }
  void failed(PeerIndex i, Time now);
  void succeeded(PeerIndex i) {
    if (watched_ != 0) forgive(i);
  }

  void set_down(PeerIndex i, bool is_down);
  void set_weight(PeerIndex i, std::int32_t value);

  // Changes whenever the set of eligible peers or a weight may have changed, but for the passing of
  // quarantine_end(): because of failures and configuration, and because of max_conns.
  std::uint32_t changes() const { return failure_changes_ + full_changes_; }
  std::uint32_t failure_changes() const { return failure_changes_; }

  // Do all peers have their full weight, but for those that are down or have failed?
  bool settled() const;

  // By peer. The pick rules own `current`; `effective` shrinks with failures and grows with picks.
  std::vector<std::int32_t> weight;
  std::vector<std::int32_t> effective;
  std::vector<std::int32_t> current;
  std::vector<std::int32_t> conns;

  std::string describe(PeerIndex i) const;

 private:
  static constexpr Seconds kLongAgo = std::numeric_limits<Seconds>::min() / 4;
  static constexpr Seconds kNoEnd = std::numeric_limits<Seconds>::max();

  struct Limits {
    std::int32_t max_conns = 0;
    std::int32_t max_fails = 0;
    std::int32_t fails = 0;
    Seconds timeout = 0;
    Seconds accessed = kLongAgo;  // last failure
    Seconds checked = kLongAgo;   // last failure, or last probe after the timeout
    bool down = false;
  };

  bool full(PeerIndex i) const {
    return limits_[i].max_conns != 0 && conns[i] >= limits_[i].max_conns;
  }
  bool failed_out(PeerIndex i) const {
    return limits_[i].max_fails != 0 && limits_[i].fails >= limits_[i].max_fails;
  }
  void connect(PeerIndex i) {
    if (++conns[i] == limits_[i].max_conns) set_full(i, 1);
  }
  void disconnect(PeerIndex i) {
    if (conns[i]-- == limits_[i].max_conns) set_full(i, -1);
  }
  void set_full(PeerIndex i, int step);
  void start_probe(PeerIndex i, Seconds now);
  void forgive(PeerIndex i);
  void find_quarantine_end();

  std::vector<Limits> limits_;
  std::int32_t total_weight_ = 0;
  std::uint32_t watched_ = 0;  // peers with failures that count. Zero: no pick needs the clock
  std::uint32_t down_count_ = 0;
  std::uint32_t full_count_ = 0;
  std::uint32_t failure_changes_ = 0;
  std::uint32_t full_changes_ = 0;
  Seconds quarantine_end_ = kNoEnd;
  bool counts_;
};

}  // namespace lbsim::algorithms::nginx
