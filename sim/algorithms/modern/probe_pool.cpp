#include "algorithms/modern/probe_pool.hpp"

#include <algorithm>

namespace lbsim::algorithms::modern {
namespace {

// Answers from which the quantile is taken. The paper says "recent"; this many is our choice.
constexpr std::size_t kMostSeen = 128;

}  // namespace

void ProbePool::observe(std::uint32_t in_flight) {
  if (seen_.size() < kMostSeen) {
    seen_.push_back(in_flight);
  } else {
    sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), seen_[next_seen_]));
    seen_[next_seen_] = in_flight;
    next_seen_ = (next_seen_ + 1) % kMostSeen;
  }
  sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), in_flight), in_flight);
  const auto rank = static_cast<std::size_t>(hot_quantile_ * static_cast<double>(sorted_.size()));
  limit_ = -1;
  if (hot_quantile_ > 0) limit_ = sorted_[std::min(rank, sorted_.size() - 1)];
}

void ProbePool::add(const Probe& probe) {
  observe(probe.in_flight);
  erase_if([&](const Probe& old) { return old.server == probe.server; });
  if (probes_.size() == most_probes_) remove_oldest();
  probes_.push_back(probe);
}

void ProbePool::expire(Time now) {
  erase_if([&](const Probe& probe) { return now - probe.at > most_age_; });
}

bool ProbePool::better(const Probe& a, const Probe& b) const {
  if (hot(a) != hot(b)) return hot(b);
  return hot(a) ? a.in_flight < b.in_flight : a.latency < b.latency;
}

ServerId ProbePool::best(const std::function<bool(ServerId)>& takes) const {
  const Probe* found = nullptr;
  std::size_t usable = 0;
  for (const Probe& probe : probes_) {
    if (!takes(probe.server)) continue;
    ++usable;
    if (found == nullptr || !better(*found, probe)) found = &probe;
  }
  return usable < 2 ? kNoServer : found->server;
}

void ProbePool::use(ServerId server) {
  for (Probe& probe : probes_) {
    if (probe.server != server) continue;
    ++probe.in_flight;
    if (probe.uses_left > 0) --probe.uses_left;
  }
  erase_if([&](const Probe& probe) { return probe.uses_left == 0; });
}

void ProbePool::remove_oldest() {
  if (!probes_.empty()) probes_.erase(probes_.begin());
}

void ProbePool::remove_worst() {
  const auto worse = [&](const Probe& a, const Probe& b) {
    if (hot(a) != hot(b)) return hot(a);
    return hot(a) ? a.in_flight > b.in_flight : a.latency > b.latency;
  };
  const auto worst = std::min_element(probes_.begin(), probes_.end(), worse);
  if (worst != probes_.end()) probes_.erase(worst);
}

}  // namespace lbsim::algorithms::modern
