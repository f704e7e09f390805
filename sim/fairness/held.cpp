// Requests that stay open, always as many: how well a pool that looks at load finds an idle server.
#include <deque>

#include "core/random.hpp"
#include "fairness/clients.hpp"
#include "fairness/driver.hpp"
#include "fairness/pools.hpp"
#include "fairness/scenario.hpp"
#include "fairness/tally.hpp"

namespace lbsim::fairness {
namespace {

// When a request comes, half as many as there are servers are open, the oldest of which ends after
// the pick.
Batch play_held(Shape shape, std::size_t servers, const Subject& subject, const Traits& traits,
                std::uint64_t seed, std::size_t picks) {
  const std::vector<int> weights = weights_of(shape, servers);
  Driver driver(subject, pool_config(weights, seed));
  Random random(seed, "fairness.held");
  Client client;
  Tally tally(weights);
  std::deque<Attempt> open;
  std::size_t on_busy = 0;
  for (std::size_t i = 0; i < picks; ++i) {
    const Time now = kTimeZero + milliseconds(10 * static_cast<std::int64_t>(i));
    if (traits.keyed) client.become(random.bits());
    Attempt attempt;
    const ServerId server = driver.begin(client.request(), attempt, now);
    tally.add(server);
    if (server == kNoServer) continue;
    if (driver.in_flight(server) > 1) ++on_busy;
    open.push_back(attempt);
    if (open.size() <= servers / 2) continue;
    driver.end(open.front(), now);
    open.pop_front();
  }
  Batch batch;
  batch.metrics = {
      {"busy_picked", static_cast<double>(on_busy) / static_cast<double>(tally.asked())},
      {"share_error", tally.share_error()},
      {"burstiness", tally.burstiness()}};
  batch.digest = driver.digest();
  return batch;
}

}  // namespace

std::vector<Scenario> held_scenarios(const Subject&, const Traits& traits) {
  if (!traits.load_aware) return {};
  std::vector<Scenario> all;
  const auto add = [&](const char* name, Shape shape, std::size_t servers) {
    Scenario s;
    s.pool = name;
    s.play = [shape, servers](const Subject& subject, const Traits& given, std::uint64_t seed,
                              std::size_t picks) {
      return play_held(shape, servers, subject, given, seed, picks);
    };
    s.picks_fixed = 1000;
    s.picks_drawn = 10'000;
    all.push_back(std::move(s));
  };
  // Of two servers one is busy; of 16, half of them are at most.
  add("held-equal-2", Shape::equal, 2);
  add("held-equal-16", Shape::equal, 16);
  add("held-weighted-16", Shape::weighted, 16);
  return all;
}

}  // namespace lbsim::fairness
