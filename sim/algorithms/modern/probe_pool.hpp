// The probe pool of Prequal: the latest answers of servers to probes, and which of them is best.
// Source: B. Wydrowski, R. Kleinberg, S. Rumble, A. Archer, "Load is not what you should balance:
// Introducing Prequal", NSDI 2024, section 4.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "algorithms/upstream.hpp"

namespace lbsim::algorithms::modern {

struct Probe {
  ServerId server = kNoServer;
  std::uint32_t in_flight = 0;  // requests at the server, with those sent there since
  Duration latency{};
  Time at{};
  std::uint32_t uses_left = 0;
};

class ProbePool {
 public:
  // `hot_quantile`: a probe is hot if more requests are in flight at its server than in this part
  // of the latest answers; 0: all are hot, 1: none.
  ProbePool(std::size_t most_probes, Duration most_age, double hot_quantile)
      : most_probes_(most_probes), most_age_(most_age), hot_quantile_(hot_quantile) {}

  // In place of the server's older probe if there is one, else of the oldest if the pool is full.
  void add(const Probe& probe);
  void expire(Time now);
  template <typename Predicate>
  void erase_if(Predicate gone) {
    std::erase_if(probes_, gone);
  }

  // The cold probe with the least latency; if all are hot the one with the fewest requests in
  // flight. Of equal ones the newest. Only among servers for which `takes`; kNoServer if fewer than
  // two of those have a probe, which is too few to choose from.
  ServerId best(const std::function<bool(ServerId)>& takes) const;
  // A request goes to the server: its probe is used once, and counts the request.
  void use(ServerId server);

  void remove_oldest();
  // The hot probe with the most requests in flight; if none is hot the one with most latency.
  void remove_worst();

  const std::vector<Probe>& probes() const { return probes_; }  // oldest first
  bool hot(const Probe& probe) const { return static_cast<std::int64_t>(probe.in_flight) > limit_; }

 private:
  bool better(const Probe& a, const Probe& b) const;
  void observe(std::uint32_t in_flight);

  std::size_t most_probes_;
  Duration most_age_;
  double hot_quantile_;
  std::vector<Probe> probes_;
  std::vector<std::uint32_t> seen_;    // the latest numbers of requests in flight, in a circle
  std::vector<std::uint32_t> sorted_;  // the same
  std::size_t next_seen_ = 0;
  std::int64_t limit_ = 0;  // above it is hot
};

}  // namespace lbsim::algorithms::modern
