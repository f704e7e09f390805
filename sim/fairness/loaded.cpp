// A closed loop: requests arrive in a Poisson stream, wait for their server one behind the other,
// and end when they are served. What a pool that looks at load is for.
#include <algorithm>
#include <numeric>
#include <queue>

#include "core/random.hpp"
#include "fairness/clients.hpp"
#include "fairness/driver.hpp"
#include "fairness/pools.hpp"
#include "fairness/scenario.hpp"
#include "fairness/tally.hpp"

namespace lbsim::fairness {
namespace {

constexpr double kLoad = 0.8;            // of all servers together
constexpr double kMeanService_s = 0.1;   // at speed 1
constexpr std::size_t kWarmUpShare = 5;  // the first fifth of the requests is not measured

struct Departure {
  Time at;
  std::uint64_t number;
  Time came;
  Attempt attempt;
  bool measured;

  bool operator>(const Departure& other) const {
    return at != other.at ? at > other.at : number > other.number;
  }
};

class Loop {
 public:
  Loop(const Subject& subject, const Traits& traits, std::vector<int> weights,
       std::vector<double> speeds, std::uint64_t seed)
      : driver_(subject, pool_config(weights, seed)),
        keyed_(traits.keyed),
        random_(seed, "fairness.loop"),
        speeds_(std::move(speeds)),
        free_at_(speeds_.size(), kTimeZero),
        tally_(speeds_) {
    const double capacity = std::accumulate(speeds_.begin(), speeds_.end(), 0.0) / kMeanService_s;
    between_s_ = 1 / (kLoad * capacity);
  }

  Batch run(std::size_t requests) {
    for (std::size_t i = 0; i < requests; ++i) {
      now_ += from_seconds(between_s_ * random_.exponential());
      while (!departures_.empty() && departures_.top().at <= now_) depart();
      arrive(i, i >= requests / kWarmUpShare);
    }
    while (!departures_.empty()) depart();
    return batch();
  }

 private:
  void arrive(std::size_t number, bool measured) {
    const double demand_s = kMeanService_s * random_.exponential();
    if (keyed_) client_.become(random_.bits());
    Attempt attempt;
    const ServerId server = driver_.begin(client_.request(), attempt, now_);
    if (measured) tally_.add(server);
    if (server == kNoServer) return;
    const Time begins = std::max(now_, free_at_[server]);
    free_at_[server] = begins + from_seconds(demand_s / speeds_[server]);
    departures_.push({free_at_[server], number, now_, attempt, measured});
  }

  void depart() {
    Departure departure = departures_.top();
    departures_.pop();
    const Duration took = departure.at - departure.came;
    driver_.end(departure.attempt, departure.at, took);
    if (departure.measured) slowdowns_.push_back(to_seconds(took) / kMeanService_s);
  }

  Batch batch() {
    std::sort(slowdowns_.begin(), slowdowns_.end());
    double sum = 0;
    for (const double slowdown : slowdowns_) sum += slowdown;
    const std::size_t count = slowdowns_.size();
    Batch result;
    result.metrics = {
        {"slowdown_mean", count == 0 ? 0 : sum / static_cast<double>(count)},
        {"slowdown_p99", count == 0 ? 0 : slowdowns_[count - 1 - count / 100]},
        {"share_error", tally_.share_error()},
        {"max_over_mean", tally_.max_over_mean()},
    };
    result.digest = driver_.digest();
    return result;
  }

  Driver driver_;
  bool keyed_;
  Random random_;
  std::vector<double> speeds_;
  std::vector<Time> free_at_;
  Tally tally_;
  double between_s_ = 0;
  Client client_;
  Time now_ = kTimeZero;
  std::priority_queue<Departure, std::vector<Departure>, std::greater<>> departures_;
  std::vector<double> slowdowns_;
};

Scenario loaded(std::string name, std::vector<int> weights, std::vector<double> speeds) {
  Scenario s;
  s.pool = std::move(name);
  s.picks_fixed = s.picks_drawn = 10'000;
  s.play = [weights = std::move(weights), speeds = std::move(speeds)](
               const Subject& subject, const Traits& traits, std::uint64_t seed,
               std::size_t picks) {
    return Loop(subject, traits, weights, speeds, seed).run(picks);
  };
  return s;
}

std::vector<double> speeds_of(const std::vector<int>& weights) {
  return {weights.begin(), weights.end()};
}

}  // namespace

std::vector<Scenario> loaded_scenarios(const Subject&, const Traits& traits) {
  if (!traits.load_aware) return {};
  const auto two = weights_of(Shape::equal, 2);
  const auto equal = weights_of(Shape::equal, 16);
  const auto weighted = weights_of(Shape::weighted, 16);
  std::vector<double> one_slow(16, 1.0);
  one_slow[6] = 0.25;
  return {
      loaded("loaded-2", two, speeds_of(two)),
      loaded("loaded-equal-16", equal, speeds_of(equal)),
      loaded("loaded-weighted-16", weighted, speeds_of(weighted)),
      loaded("loaded-slow-16", equal, one_slow),
  };
}

}  // namespace lbsim::fairness
