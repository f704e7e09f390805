// nginx's methods written down as plainly as can be: one struct per peer, every quantity kept all
// the time, every pick a walk over all peers, every request with its own set of tried peers. What
// the real implementation leaves out or precomputes, it has to do without any pick differing from
// these.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "algorithms/algorithm.hpp"
#include "algorithms/nginx/glibc_random.hpp"

namespace lbsim::algorithms::nginx {

class Plain {
 public:
  struct Visit {
    std::vector<std::size_t> tried;  // in the present group
    bool backup = false;
    std::size_t tries = 0;  // that are left; set by the first failure
    std::uint32_t misses = 0;
    std::uint32_t hash = 89;
    int server = -1;
  };

  Plain(std::string method, const PoolConfig& config)
      : method_(std::move(method)), random_(static_cast<std::uint32_t>(config.seed)) {
    for (const ServerConfig& server : config.servers) peers_.push_back({server, server.weight});
  }

  bool begin(Visit& visit, std::uint32_t client, std::int64_t now) {
    return find(visit, client, now);
  }

  bool next(Visit& visit, std::uint32_t client, std::int64_t now) {
    if (visit.tries == 0) {
      for (const Peer& other : peers_) visit.tries += other.config.down ? 0 : 1;
    }
    Peer& peer = peers_[static_cast<std::size_t>(visit.server)];
    --peer.conns;
    if (peers_.size() > 1) {
      ++peer.fails;
      peer.accessed = peer.checked = now;
      if (peer.config.max_fails > 0) peer.effective -= peer.config.weight / peer.config.max_fails;
      if (peer.effective < 0) peer.effective = 0;
    }
    if (--visit.tries == 0) return false;
    return find(visit, client, now);
  }

  void end(Visit& visit) {
    Peer& peer = peers_[static_cast<std::size_t>(visit.server)];
    if (peer.accessed < peer.checked) peer.fails = 0;
    --peer.conns;
  }

  void set_down(std::size_t i, bool down) { peers_[i].config.down = down; }
  void set_weight(std::size_t i, int weight) {
    peers_[i].config.weight = peers_[i].effective = weight;
  }

 private:
  static constexpr std::int64_t kEpoch = -1'000'000'000;

  struct Peer {
    ServerConfig config;
    int effective = 0;
    std::int64_t current = 0;
    std::int64_t conns = 0;
    int fails = 0;
    std::int64_t accessed = kEpoch;
    std::int64_t checked = kEpoch;
  };

  static bool was_tried(const Visit& visit, std::size_t i) {
    return std::find(visit.tried.begin(), visit.tried.end(), i) != visit.tried.end();
  }

  bool fits(const Visit& visit, std::size_t i, std::int64_t now) const {
    const Peer& peer = peers_[i];
    const ServerConfig& c = peer.config;
    if (c.backup != visit.backup || c.down || was_tried(visit, i)) return false;
    if (c.max_fails > 0 && peer.fails >= c.max_fails && now - peer.checked <= c.fail_timeout_s) {
      return false;
    }
    return c.max_conns == 0 || peer.conns < c.max_conns;
  }

  bool find(Visit& visit, std::uint32_t client, std::int64_t now) {
    int found = look(visit, client, now);
    if (found < 0 && !visit.backup) {
      visit.backup = true;
      visit.tried.clear();
      found = look(visit, client, now);
    }
    visit.server = found;
    if (found < 0) return false;
    Peer& peer = peers_[static_cast<std::size_t>(found)];
    if (now - peer.checked > peer.config.fail_timeout_s) peer.checked = now;
    ++peer.conns;
    visit.tried.push_back(static_cast<std::size_t>(found));
    return true;
  }

  int look(Visit& visit, std::uint32_t client, std::int64_t now) {
    if (visit.backup && method_ != "least_conn") return smooth(visit, now, -1);
    if (method_ == "least_conn") return least_conn(visit, now);
    if (method_ == "ip_hash") return ip_hash(visit, client, now);
    if (method_ == "random") return random(visit, now);
    if (method_ == "random_two_least_conn") return random_two(visit, now);
    return smooth(visit, now, -1);
  }

  std::int64_t above(std::size_t a, std::size_t b) const {
    return peers_[a].conns * peers_[b].config.weight - peers_[b].conns * peers_[a].config.weight;
  }

  // Among the peers as loaded as `level`; among all if that is negative.
  int smooth(const Visit& visit, std::int64_t now, int level) {
    int best = -1;
    std::int64_t total = 0;
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      if (!fits(visit, i, now)) continue;
      if (level >= 0 && above(i, static_cast<std::size_t>(level)) != 0) continue;
      Peer& peer = peers_[i];
      peer.current += peer.effective;
      total += peer.effective;
      if (peer.effective < peer.config.weight) ++peer.effective;
      if (best < 0 || peer.current > peers_[static_cast<std::size_t>(best)].current) {
        best = static_cast<int>(i);
      }
    }
    if (best >= 0) peers_[static_cast<std::size_t>(best)].current -= total;
    return best;
  }

  int least_conn(const Visit& visit, std::int64_t now) {
    int least = -1;
    int equals = 0;
    for (std::size_t i = 0; i < peers_.size(); ++i) {
      if (!fits(visit, i, now)) continue;
      const std::int64_t more = least < 0 ? -1 : above(i, static_cast<std::size_t>(least));
      if (more < 0) least = static_cast<int>(i);
      if (more <= 0) equals = more < 0 ? 1 : equals + 1;
    }
    return equals > 1 ? smooth(visit, now, least) : least;
  }

  std::size_t by_weight(std::uint32_t number) const {
    std::uint32_t total = 0;
    for (const Peer& peer : peers_) total += static_cast<std::uint32_t>(peer.config.weight);
    number %= total;
    std::size_t i = 0;
    while (number >= static_cast<std::uint32_t>(peers_[i].config.weight)) {
      number -= static_cast<std::uint32_t>(peers_[i++].config.weight);
    }
    return i;
  }

  int ip_hash(Visit& visit, std::uint32_t client, std::int64_t now) {
    for (; visit.misses <= 20; ++visit.misses) {
      for (int shift = 24; shift > 0; shift -= 8) {
        visit.hash = (visit.hash * 113 + (client >> shift & 255)) % 6271;
      }
      const std::size_t i = by_weight(visit.hash);
      if (fits(visit, i, now)) return static_cast<int>(i);
    }
    return smooth(visit, now, -1);
  }

  int random(Visit& visit, std::int64_t now) {
    for (; visit.misses <= 20; ++visit.misses) {
      const std::size_t i = by_weight(random_.next());
      if (fits(visit, i, now)) return static_cast<int>(i);
    }
    return smooth(visit, now, -1);
  }

  int random_two(Visit& visit, std::int64_t now) {
    int first = -1;
    for (; visit.misses <= 20; ++visit.misses) {
      const std::size_t i = by_weight(random_.next());
      if (static_cast<int>(i) == first || !fits(visit, i, now)) continue;
      if (first < 0) {
        first = static_cast<int>(i);
        continue;
      }
      return above(i, static_cast<std::size_t>(first)) > 0 ? first : static_cast<int>(i);
    }
    return smooth(visit, now, -1);
  }

  std::string method_;
  std::vector<Peer> peers_;
  GlibcRandom random_;
};

}  // namespace lbsim::algorithms::nginx
