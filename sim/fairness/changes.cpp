// A pool of 16 weighted servers in which one leaves and comes back, is drained, gets another
// weight, fails and recovers, or warms up.
#include <algorithm>

#include "core/random.hpp"
#include "fairness/clients.hpp"
#include "fairness/driver.hpp"
#include "fairness/pools.hpp"
#include "fairness/scenario.hpp"
#include "fairness/tally.hpp"

namespace lbsim::fairness {
namespace {

using algorithms::AdminState;

constexpr std::size_t kServers = 16;
constexpr ServerId kChanged = 6;  // weight 3
constexpr int kOtherWeight = 9;
constexpr Duration kBetween = milliseconds(10);

// A pool and its clients, phase by phase. Methods that look at keys are asked for the same keys in
// each phase, so that it shows which moved.
class Course {
 public:
  Course(const Subject& subject, const Traits& traits, std::uint64_t seed, std::size_t picks,
         PoolConfig config)
      : driver_(subject, config), keyed_(traits.keyed), picks_(picks), random_(seed, "clients") {
    if (!keyed_) return;
    for (std::size_t i = 0; i < picks; ++i) keys_.push_back(random_.bits());
  }

  // Asks for each key once, or as many requests. Returns who got them.
  std::vector<ServerId> phase() {
    std::vector<ServerId> got;
    for (std::size_t i = 0; i < picks_; ++i) {
      if (keyed_) client_.become(keys_[i]);
      got.push_back(driver_.ask(client_.request(), now_));
      now_ += kBetween;
    }
    return got;
  }

  // Requests of clients that come once, for a while.
  void run(Duration length, Tally* tally = nullptr) {
    for (const Time end = now_ + length; now_ < end; now_ += kBetween) {
      if (keyed_) client_.become(random_.bits());
      const ServerId server = driver_.ask(client_.request(), now_);
      if (tally != nullptr) tally->add(server);
    }
  }

  void admin(AdminState state) { driver_.pool().set_admin(kChanged, state, now_); }
  void health(bool up) { driver_.pool().set_health(kChanged, up, now_); }
  void weight(int weight) { driver_.pool().set_weight(kChanged, weight, now_); }
  void refuse(bool refusing) { driver_.set_refusing(kChanged, refusing); }

  const Driver& driver() const { return driver_; }

 private:
  Driver driver_;
  bool keyed_;
  std::size_t picks_;
  Random random_;
  std::vector<std::uint64_t> keys_;
  Client client_;
  Time now_ = kTimeZero;
};

std::vector<double> due(int changed_weight) {
  const std::vector<int> weights = weights_of(Shape::weighted, kServers);
  std::vector<double> result(weights.begin(), weights.end());
  result[kChanged] = changed_weight;
  return result;
}

Tally tally_of(const std::vector<ServerId>& got, std::vector<double> weights) {
  Tally tally(std::move(weights));
  for (const ServerId server : got) tally.add(server);
  return tally;
}

// Share of the keys that moved from one server that stayed to another, or from it.
double moved(const std::vector<ServerId>& before, const std::vector<ServerId>& after) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != after[i] && before[i] != kChanged) ++count;
  }
  return static_cast<double>(count) / static_cast<double>(before.size());
}

// The same of keys that did not move to the changed server, where they should.
double moved_elsewhere(const std::vector<ServerId>& before, const std::vector<ServerId>& after) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] != after[i] && before[i] != kChanged && after[i] != kChanged) ++count;
  }
  return static_cast<double>(count) / static_cast<double>(before.size());
}

double same(const std::vector<ServerId>& before, const std::vector<ServerId>& after) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < before.size(); ++i) count += before[i] == after[i] ? 1 : 0;
  return static_cast<double>(count) / static_cast<double>(before.size());
}

Batch leave(AdminState how, const Subject& subject, const Traits& traits, std::uint64_t seed,
            std::size_t picks) {
  const std::vector<int> weights = weights_of(Shape::weighted, kServers);
  Course course(subject, traits, seed, picks, pool_config(weights, seed));
  const auto before = course.phase();
  course.admin(how);
  const auto without = course.phase();
  course.admin(AdminState::ready);
  const auto after = course.phase();
  const int weight = weights[kChanged];
  Batch batch;
  batch.metrics = {
      {"share_while_away", tally_of(without, due(weight)).relative_share(kChanged)},
      {"share_error_of_rest", tally_of(without, due(0)).share_error()},
      {"share_back", tally_of(after, due(weight)).relative_share(kChanged)},
      {"unserved", tally_of(without, due(weight)).unserved()},
  };
  if (traits.keyed) {
    batch.metrics.insert(batch.metrics.end(),
                         {{"disruption_on_leave", moved(before, without)},
                          {"disruption_on_join", moved_elsewhere(without, after)},
                          {"kept_after_return", same(before, after)}});
  }
  batch.digest = course.driver().digest();
  return batch;
}

Batch reweigh(const Subject& subject, const Traits& traits, std::uint64_t seed, std::size_t picks) {
  const std::vector<int> weights = weights_of(Shape::weighted, kServers);
  Course course(subject, traits, seed, picks, pool_config(weights, seed));
  const auto before = course.phase();
  course.weight(kOtherWeight);
  const auto after = course.phase();
  const Tally tally = tally_of(after, due(kOtherWeight));
  Batch batch;
  batch.metrics = {{"share_of_changed", tally.relative_share(kChanged)},
                   {"share_error", tally.share_error()}};
  if (traits.keyed) batch.metrics.emplace_back("disruption", moved_elsewhere(before, after));
  batch.digest = course.driver().digest();
  return batch;
}

// Refuses for 30 s; checks notice it, and its recovery, 3 s late. By the end it has been well for
// two and a half minutes, more than any passive check leaves a server alone.
Batch fail(const Subject& subject, const Traits& traits, std::uint64_t seed, std::size_t) {
  const std::vector<int> weights = weights_of(Shape::weighted, kServers);
  Course course(subject, traits, seed, 0, pool_config(weights, seed));
  course.run(seconds(5));
  course.refuse(true);
  Tally failing(weights);
  course.run(seconds(3), &failing);
  course.health(false);
  course.run(seconds(27), &failing);
  course.refuse(false);
  course.run(seconds(3));
  course.health(true);
  course.run(seconds(120));
  Tally recovered(weights);
  course.run(seconds(30), &recovered);
  Batch batch;
  batch.metrics = {{"unserved", failing.unserved()},
                   {"tries_refused", static_cast<double>(course.driver().refused()) /
                                         static_cast<double>(failing.asked())},
                   {"share_recovered", recovered.relative_share(kChanged)},
                   {"share_error_recovered", recovered.share_error()}};
  batch.digest = course.driver().digest();
  return batch;
}

// `slowstart 20s`: the first quarter of it, and after it.
Batch warm_up(const Subject& subject, const Traits& traits, std::uint64_t seed, std::size_t) {
  constexpr int kSlowStart = 20;
  const std::vector<int> weights = weights_of(Shape::weighted, kServers);
  PoolConfig config = pool_config(weights, seed);
  for (auto& server : config.servers) server.slow_start_s = kSlowStart;
  Course course(subject, traits, seed, 0, std::move(config));
  course.run(seconds(2 * kSlowStart));
  course.health(false);
  course.run(seconds(5));
  course.health(true);
  Tally warming(weights);
  course.run(seconds(kSlowStart / 4), &warming);
  course.run(seconds(kSlowStart));
  Tally warm(weights);
  course.run(seconds(10), &warm);
  Batch batch;
  batch.metrics = {{"share_warming", warming.relative_share(kChanged)},
                   {"share_warm", warm.relative_share(kChanged)}};
  batch.digest = course.driver().digest();
  return batch;
}

}  // namespace

std::vector<Scenario> change_scenarios(const Subject& subject, const Traits&) {
  constexpr std::size_t kFixed = 1008;
  constexpr std::size_t kDrawn = 4000;
  const auto leaving = [](AdminState how) {
    return [how](const Subject& s, const Traits& traits, std::uint64_t seed, std::size_t picks) {
      return leave(how, s, traits, seed, picks);
    };
  };
  std::vector<Scenario> all = {
      {"leave-16", leaving(AdminState::maintenance), kFixed, kDrawn},
      {"drain-16", leaving(AdminState::drain), kFixed, kDrawn},
      {"fail-16", fail},
  };
  if (subject.weights_change) all.push_back({"weight-16", reweigh, kFixed, kDrawn});
  if (subject.slow_start) all.push_back({"slow-start-16", warm_up});
  return all;
}

}  // namespace lbsim::fairness
