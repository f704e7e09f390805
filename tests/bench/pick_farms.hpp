// Pools under a steady load, for the benchmarks of picks: twice as many requests in flight as there
// are servers; each step ends one of them at random and begins another, so that every pick finds
// other counters, and many servers that tie.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "../algorithms/haproxy_plain.hpp"
#include "../algorithms/ipvs_plain.hpp"
#include "../algorithms/nginx_plain.hpp"
#include "algorithms/algorithm.hpp"
#include "algorithms/ipvs/scheduler.hpp"

namespace lbsim::algorithms {

// What a farm's servers weigh: all 1, or 1 to 4.
enum class Weights : std::uint8_t { equal, mixed };

inline int weight_of(Weights weights, std::size_t server) {
  return weights == Weights::equal ? 1 : 1 + static_cast<int>(server * 7 % 4);
}

inline std::vector<ServerConfig> servers_of(Weights weights, std::size_t count) {
  std::vector<ServerConfig> servers(count);
  for (std::size_t i = 0; i < count; ++i) {
    servers[i].name = "s" + std::to_string(i + 1);
    servers[i].address = "192.0.2.1:" + std::to_string(1000 + i);
    servers[i].weight = weight_of(weights, i);
  }
  return servers;
}

// Numbers that cost next to nothing.
class Draws {
 public:
  std::uint32_t next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::uint32_t>(state_ >> 32);
  }
  std::size_t below(std::size_t n) { return std::uint64_t{next()} * n >> 32; }

 private:
  std::uint64_t state_ = 1;
};

// What requests bring, made beforehand.
class Requests {
 public:
  Requests() {
    for (int i = 0; i < 256; ++i) targets_.push_back("/list/page?k=" + std::to_string(i * 7919));
  }
  Request next(Draws& draws) const {
    Request request;
    request.client = Address::v4(draws.next());
    request.target = targets_[draws.below(targets_.size())];
    request.header = request.target;
    return request;
  }

 private:
  std::vector<std::string> targets_;
};

// Any pool of the catalog.
class UpstreamFarm {
 public:
  UpstreamFarm(const AlgorithmSpec& spec, Weights weights, std::size_t servers)
      : in_flight_(2 * servers) {
    PoolConfig config;
    config.servers = servers_of(weights, servers);
    for (const ParameterSpec& parameter : spec.parameters) {
      if (parameter.name == "expression") config.parameters["expression"] = "path";
      if (parameter.name == "name" && parameter.fallback.empty()) config.parameters["name"] = "k";
    }
    pool_ = spec.make(config);
    for (Attempt& attempt : in_flight_) begin(attempt);
  }

  void step() {
    Attempt& attempt = in_flight_[draws_.below(in_flight_.size())];
    pool_->end(attempt, Result::ok, now_);
    begin(attempt);
  }

 private:
  void begin(Attempt& attempt) {
    now_ += microseconds(1);
    if (now_ >= next_reports_) let_report();
    if (pool_->begin(requests_.next(draws_), attempt, now_) != Pick::server) {
      throw std::logic_error("no server for a request without limits");
    }
    pool_->probes().clear();
  }

  // Every server, if the pool wants to hear of them at an interval.
  void let_report() {
    const Duration interval = pool_->report_wishes().interval;
    next_reports_ = interval > Duration{} ? now_ + interval : kNever;
    if (interval <= Duration{}) return;
    for (ServerId s = 0; s < pool_->size(); ++s) pool_->report(s, {.in_flight = 2}, now_);
  }

  Requests requests_;
  Draws draws_;
  Time next_reports_ = kTimeZero;
  std::unique_ptr<Upstream> pool_;
  std::vector<Attempt> in_flight_;
  Time now_ = kTimeZero;
};

// A scheduler of IPVS with the counters of its servers: connections are active, then inactive for
// as long as three others take, as in TIME_WAIT. Without the table of connections and its timers.
class DirectorFarm {
 public:
  DirectorFarm(Weights weights, std::size_t servers)
      : active_(2 * servers, kNoServer), inactive_(6 * servers, kNoServer) {
    for (std::size_t i = 0; i < servers; ++i) {
      // Four times the weight: ovf has room for what is active.
      list_.add({.name = {},
                 .address = static_cast<std::uint32_t>(i),
                 .port = 80,
                 .weight = 4 * weight_of(weights, i)});
    }
  }

  const ipvs::ServerList& list() const { return list_; }

  // `pick(flow)` gives the server, `changed(server)` is told of every change of its counters.
  template <class PickServer, class Changed>
  void step(PickServer&& pick, Changed&& changed) {
    ServerId& expires = inactive_[at_++ % inactive_.size()];
    if (expires != kNoServer) {
      --list_[expires].inactive;
      changed(expires);
    }
    ServerId& connection = active_[draws_.below(active_.size())];
    if (connection != kNoServer) {
      --list_[connection].active;
      ++list_[connection].inactive;
      changed(connection);
    }
    expires = connection;
    ipvs::Flow flow;
    flow.client = draws_.next();
    flow.vip = draws_.next() % 64;
    connection = pick(flow);
    if (connection == kNoServer) return;
    ++list_[connection].active;
    changed(connection);
  }

 private:
  Draws draws_;
  ipvs::ServerList list_;
  std::vector<ServerId> active_, inactive_;
  std::size_t at_ = 0;
};

}  // namespace lbsim::algorithms
