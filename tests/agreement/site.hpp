// A small site told the same way to both kernels: clients -> a pick over N servers -> work -> the
// response over the server's network card and the site's access link.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "kernel/kernel.hpp"

namespace lbsim::agreement {

enum class Picker { weighted_round_robin, weighted_least_connections };

struct Setting {
  std::string name;
  Picker picker = Picker::weighted_least_connections;
  std::uint32_t requests = 100'000;
  double requests_per_s = 1'500;
  std::uint32_t closed_clients = 0;  // not 0: each sends its next request when the last has ended
  std::uint32_t servers = 16;
  double work_s = 2e-3;  // mean; exponential
  kernel::Discipline discipline = kernel::Discipline::fifo;
  double response_bytes = 20e3;  // mean
  double card_bytes_per_s = 0;   // 0: no limit
  double access_bytes_per_s = 33.5e6;
  std::vector<Duration> latencies = {milliseconds(1)};  // of the client groups, one way
  Duration crash{};                                     // of the first server; none at 0
  Duration repair{};                                    // the pool learns of either 50 ms later
  std::uint64_t seed = 7;
};

inline std::ostream& operator<<(std::ostream& out, const Setting& setting) {
  return out << setting.name;
}

struct Request {
  std::int64_t picked_ps;
  std::int64_t ended_ps;  // -1: not
  std::uint32_t server;
  std::uint32_t ok;
};

// Plain forms of both algorithms: smooth weighted round robin as nginx documents it, and the lowest
// (connections + 1) / weight, the first of equals.
class Pool {
 public:
  explicit Pool(std::uint32_t servers) : members_(servers) {
    for (std::uint32_t i = 0; i < servers; ++i) members_[i].weight = 1 + i % 3;
  }

  std::uint32_t pick(Picker picker) {
    const std::uint32_t chosen =
        picker == Picker::weighted_round_robin ? round_robin() : least_connections();
    ++members_[chosen].active;
    return chosen;
  }

  void finished(std::uint32_t server) { --members_[server].active; }
  void set_up(std::uint32_t server, bool up) { members_[server].up = up; }

  std::string text() const {
    std::string out;
    for (const Member& m : members_) {
      out += (m.up ? " " : " down:") + std::to_string(m.active) + "/" + std::to_string(m.weight);
    }
    return out;
  }

 private:
  struct Member {
    int weight = 1;
    int active = 0;
    int current = 0;
    bool up = true;
  };

  std::uint32_t round_robin() {
    std::uint32_t best = 0;
    bool found = false;
    int total = 0;
    for (std::uint32_t i = 0; i < members_.size(); ++i) {
      Member& m = members_[i];
      if (!m.up) continue;
      m.current += m.weight;
      total += m.weight;
      if (!found || m.current > members_[best].current) best = i;
      found = true;
    }
    members_[best].current -= total;
    return best;
  }

  std::uint32_t least_connections() const {
    std::uint32_t best = 0;
    bool found = false;
    for (std::uint32_t i = 0; i < members_.size(); ++i) {
      const Member& m = members_[i];
      const Member& b = members_[best];
      if (!m.up) continue;
      if (!found || (m.active + 1) * b.weight < (b.active + 1) * m.weight) best = i;
      found = true;
    }
    return best;
  }

  std::vector<Member> members_;
};

template <class K>
class Site {
 public:
  // `halt_at`: stop before the pick with this number, to show the pool as it is then.
  explicit Site(const Setting& setting, std::uint32_t halt_at = ~0u)
      : setting_(setting),
        halt_at_(halt_at),
        arrivals_(setting.seed, "arrivals"),
        demands_(setting.seed, "demands"),
        pool_(setting.servers) {
    build();
  }

  std::vector<Request> run() {
    kernel_.run(*this);
    return requests_;
  }

  std::string pool() const { return pool_.text(); }

  void start() {
    if (setting_.crash.count() > 0) {
      plan(setting_.crash, kCrash);
      plan(setting_.crash + milliseconds(50), kNoticeCrash);
      plan(setting_.repair, kRepair);
      plan(setting_.repair + milliseconds(50), kNoticeRepair);
    }
    if (setting_.closed_clients == 0) return next_arrival();
    for (std::uint32_t i = 0; i < setting_.closed_clients; ++i) next_arrival();
  }

  void on(kernel::Token token, kernel::Outcome outcome) {
    switch (token.kind) {
      case kArrival:
        return arrive();
      case kReachServer:
        return serve(token.index);
      case kWork:
        return outcome == kernel::Outcome::ok ? respond(token.index) : end(token, outcome);
      case kResponse:
        return end(token, outcome);
      case kCrash:
        return kernel_.set_node_up(servers_[0], false);
      case kRepair:
        return kernel_.set_node_up(servers_[0], true);
      case kNoticeCrash:
        return pool_.set_up(0, false);
      default:
        return pool_.set_up(0, true);
    }
  }

 private:
  enum Kind : std::uint8_t {
    kArrival,
    kReachServer,
    kWork,
    kResponse,
    kCrash,
    kNoticeCrash,
    kRepair,
    kNoticeRepair
  };

  void build() {
    using namespace kernel;
    const LinkId access = kernel_.add_link({setting_.access_bytes_per_s, Sharing::shared});
    std::vector<NodeId> groups;
    for (std::size_t g = 0; g < setting_.latencies.size(); ++g)
      groups.push_back(kernel_.add_node({}));
    for (std::uint32_t s = 0; s < setting_.servers; ++s) {
      NodeSpec spec;
      spec.cores = 2;
      spec.discipline = setting_.discipline;
      servers_.push_back(kernel_.add_node(spec));
      std::vector<LinkId> way{access};
      if (setting_.card_bytes_per_s > 0) {
        way.push_back(kernel_.add_link({setting_.card_bytes_per_s, Sharing::shared}));
      }
      for (std::size_t g = 0; g < groups.size(); ++g) {
        routes_.push_back(kernel_.add_route(servers_[s], groups[g], way, setting_.latencies[g]));
      }
    }
    lane_ = kernel_.add_lane();
  }

  static kernel::Token token(std::uint32_t index, Kind kind) {
    return {.index = index, .generation = 0, .kind = kind};
  }

  void plan(Duration at, Kind kind) { kernel_.after(at, token(0, kind)); }

  void next_arrival() {
    if (generated_ == setting_.requests) return;
    ++generated_;
    const double gap_s = arrivals_.exponential() / setting_.requests_per_s;
    last_arrival_ = std::max(last_arrival_, kernel_.now()) + from_seconds(gap_s);
    kernel_.post(lane_, last_arrival_, token(0, kArrival));
  }

  void arrive() {
    const auto number = static_cast<std::uint32_t>(requests_.size());
    if (number == halt_at_) return kernel_.stop();
    const std::uint32_t server = pool_.pick(setting_.picker);
    requests_.push_back({to_ps(kernel_.now()), -1, server, 0});
    groups_.push_back(static_cast<std::uint8_t>(arrivals_.below(setting_.latencies.size())));
    kernel_.after(setting_.latencies[groups_[number]], token(number, kReachServer));
    if (setting_.closed_clients == 0) next_arrival();
  }

  void serve(std::uint32_t number) {
    const double work = demands_.exponential() * setting_.work_s;
    kernel_.exec(servers_[requests_[number].server], work, token(number, kWork));
  }

  void respond(std::uint32_t number) {
    const double bytes = std::ceil(demands_.exponential() * setting_.response_bytes);
    const std::size_t route =
        requests_[number].server * setting_.latencies.size() + groups_[number];
    kernel_.send(routes_[route], bytes, token(number, kResponse));
  }

  void end(kernel::Token what, kernel::Outcome outcome) {
    Request& request = requests_[what.index];
    request.ended_ps = to_ps(kernel_.now());
    request.ok = outcome == kernel::Outcome::ok;
    pool_.finished(request.server);
    if (setting_.closed_clients > 0) next_arrival();
  }

  Setting setting_;
  std::uint32_t halt_at_;
  K kernel_;
  Random arrivals_;
  Random demands_;
  Pool pool_;
  std::vector<kernel::NodeId> servers_;
  std::vector<kernel::RouteId> routes_;  // server by client group
  kernel::LaneId lane_{};
  Time last_arrival_{};
  std::uint32_t generated_ = 0;
  std::vector<Request> requests_;
  std::vector<std::uint8_t> groups_;
};

}  // namespace lbsim::agreement
