#include "algorithms/pool/slow_start.hpp"

#include <algorithm>

namespace lbsim::algorithms::pool {
namespace {

// A rule asks for the member now and then, in turn or at random, and finds what was saved up. With
// this much a random rule loses few percent of the share; it is also the longest burst.
constexpr double kMostEarned = 10;

}  // namespace

SlowStart::SlowStart(std::vector<Duration> lengths)
    : lengths_(std::move(lengths)), ramps_(lengths_.size()) {}

void SlowStart::begin(ServerId s, Time now) {
  if (lengths_[s] == Duration::zero()) return;
  if (!ramps_[s].on) ramping_.push_back(s);
  ramps_[s] = {true, now, 0};
}

void SlowStart::earn(const Members& members, Time now) {
  std::erase_if(ramping_, [&](ServerId s) {
    ramps_[s].on = now - ramps_[s].begin < lengths_[s];
    return !ramps_[s].on;
  });
  for (const ServerId s : ramping_) {
    if (!members[s].serving) continue;
    Ramp& ramp = ramps_[s];
    const double part =
        static_cast<double>((now - ramp.begin).count()) / static_cast<double>(lengths_[s].count());
    const double share =
        static_cast<double>(members[s].weight) / static_cast<double>(members.serving_weight());
    ramp.earned = std::min(kMostEarned, ramp.earned + part * share);
  }
}

}  // namespace lbsim::algorithms::pool
