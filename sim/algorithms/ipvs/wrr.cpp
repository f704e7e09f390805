// wrr: interleaved weighted round robin. Each pass over the list takes the servers whose weight is
// at least the current one; the current weight falls by the greatest common divisor from pass to
// pass, and starts again at the highest. Looks at weights, its position and the overload marks.
// O(servers) at worst per pass. Source: linuxvirtualserver.org/docs/scheduling.html, "weighted
// round-robin".
#include <algorithm>
#include <numeric>

#include "algorithms/ipvs/scheduler.hpp"

namespace lbsim::algorithms::ipvs {
namespace {

class WeightedRoundRobin final : public Scheduler {
 public:
  explicit WeightedRoundRobin(const SchedulerSetup& setup) : servers_(setup.servers) {
    measure();
    current_weight_ = top_weight_;
  }

  ServerId pick(const Flow&, Tick) override;

  void added() override { changed(); }
  void edited(ServerId) override { changed(); }
  void removed(std::size_t) override { changed(); }

  std::string describe() const override {
    return "next position " + std::to_string(next_) + ", current weight " +
           std::to_string(current_weight_) + ", top weight " + std::to_string(top_weight_) +
           ", divisor " + std::to_string(divisor_);
  }

 private:
  void measure() {
    std::int64_t highest = 0;
    divisor_ = 0;
    for (const ServerId id : servers_.order()) {
      const std::int64_t weight = servers_[id].weight;
      highest = std::max(highest, weight);
      if (weight > 0) divisor_ = std::gcd(divisor_, weight);
    }
    divisor_ = std::max<std::int64_t>(divisor_, 1);
    top_weight_ = highest - (divisor_ - 1);
  }

  // The round goes on at about the same current weight, so the first round after servers were added
  // depends on the order in which they came.
  void changed() {
    measure();
    next_ = 0;
    if (current_weight_ > top_weight_ || current_weight_ == 0) {
      current_weight_ = top_weight_;
    } else if (divisor_ > 1) {
      current_weight_ = current_weight_ / divisor_ * divisor_ + 1;
    }
  }

  // Goes through the rest of the pass under way.
  ServerId walk() {
    const std::vector<ServerId>& order = servers_.order();
    while (next_ < order.size()) {
      const ServerId id = order[next_++];
      if (!servers_[id].overloaded && servers_[id].weight >= current_weight_) return id;
    }
    return kNoServer;
  }

  void next_pass() {
    next_ = 0;
    current_weight_ -= divisor_;
    if (current_weight_ <= 0) current_weight_ = top_weight_;
  }

  std::int64_t highest_usable_weight() const {
    std::int64_t highest = 0;
    for (const ServerId id : servers_.order()) {
      if (!servers_[id].overloaded) highest = std::max<std::int64_t>(highest, servers_[id].weight);
    }
    return highest;
  }

  const ServerList& servers_;
  std::size_t next_ = 0;  // position after the current server; 0: at the head
  std::int64_t current_weight_ = 0;
  std::int64_t top_weight_ = 0;
  std::int64_t divisor_ = 1;
};

ServerId WeightedRoundRobin::pick(const Flow&, Tick) {
  if (top_weight_ <= 0) return kNoServer;
  const ServerId in_this_pass = walk();
  if (in_this_pass != kNoServer) return in_this_pass;
  next_pass();
  const std::int64_t highest = highest_usable_weight();
  if (highest == 0) {
    current_weight_ = top_weight_;  // where the passes end when none finds a server
    return kNoServer;
  }
  if (current_weight_ > highest) {  // passes that cannot find a server are left out
    current_weight_ -= (current_weight_ - highest + divisor_ - 1) / divisor_ * divisor_;
  }
  return walk();
}

}  // namespace

std::unique_ptr<Scheduler> make_wrr(const SchedulerSetup& setup) {
  return std::make_unique<WeightedRoundRobin>(setup);
}

AlgorithmSpec wrr_spec() {
  return {"ipvs",
          "wrr",
          "weighted round robin, interleaved",
          "ipvsadm(8), -s wrr; linuxvirtualserver.org/docs/scheduling.html",
          {},
          nullptr};
}

}  // namespace lbsim::algorithms::ipvs
