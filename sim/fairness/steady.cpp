// Pools in which nothing changes; each request is over before the next one comes, so that only
// weights, turns, ties and keys decide.
#include <algorithm>
#include <array>

#include "core/random.hpp"
#include "fairness/clients.hpp"
#include "fairness/driver.hpp"
#include "fairness/pools.hpp"
#include "fairness/scenario.hpp"
#include "fairness/tally.hpp"

namespace lbsim::fairness {
namespace {

constexpr std::size_t kMostShares = 16;  // servers whose shares are looked at one by one

Batch play_steady(Shape shape, std::size_t servers, const Subject& subject, const Traits& traits,
                  std::uint64_t seed, std::size_t picks) {
  const std::vector<int> weights = weights_of(shape, servers);
  Driver driver(subject, pool_config(weights, seed));
  Random random(seed, "fairness.clients");
  Client client;
  Tally tally(weights);
  for (std::size_t i = 0; i < picks; ++i) {
    if (traits.keyed) client.become(random.bits());
    const auto pick = static_cast<std::int64_t>(i);
    tally.add(driver.ask(client.request(), kTimeZero + milliseconds(10 * pick)));
  }
  Batch batch;
  batch.metrics = {{"share_error", tally.share_error()},
                   {"jain", tally.jain()},
                   {"max_over_mean", tally.max_over_mean()},
                   {"longest_run", tally.longest_run()},
                   {"burstiness", tally.burstiness()}};
  if (servers <= kMostShares) batch.shares = tally.shares();
  batch.digest = driver.digest();
  return batch;
}

Scenario steady(Shape shape, std::size_t servers, const Traits& traits) {
  Scenario s;
  s.pool = pool_name(shape, servers);
  s.play = [shape, servers](const Subject& subject, const Traits& given, std::uint64_t seed,
                            std::size_t picks) {
    return play_steady(shape, servers, subject, given, seed, picks);
  };
  // Half a cycle more than whole ones, so that the order of the turns shows in the shares; and more
  // than the cycle in which one of 16 gets 1 % more, which has 1,601 turns.
  s.picks_fixed = std::max<std::size_t>(5000, 2 * servers) + servers / 2;
  if (servers > 256) s.picks_trial = 1000;  // thousands of servers may cost a scan for each pick
  s.picks_drawn = servers <= 256 ? 10'000 : 2 * servers;
  if (servers <= kMostShares && shape != Shape::unequal) {
    // Enough to see one of 16 equal servers get 1 % more; see docs/fairness.md. Hash tables are
    // expensive to build, and their shares are what they are.
    const bool finely = shape == Shape::equal && servers == kMostShares && !traits.keyed;
    s.share_batches = traits.keyed ? 40 : finely ? 150 : 100;
    s.share_picks = finely ? 120'000 : 10'000;
  }
  return s;
}

}  // namespace

std::vector<Scenario> steady_scenarios(const Subject& subject, const Traits& traits) {
  std::vector<Scenario> all;
  for (const std::size_t servers :
       {std::size_t{2}, std::size_t{16}, std::size_t{256}, std::size_t{4096}}) {
    if (servers > subject.servers_max) continue;
    for (const Shape shape : {Shape::equal, Shape::weighted, Shape::unequal}) {
      // Rings and tables of thousands of weighted servers cost seconds to build.
      const bool heavy = servers > (shape == Shape::unequal ? 16u : 256u);
      if (heavy && shape != Shape::equal && (traits.keyed || traits.drawn)) continue;
      all.push_back(steady(shape, servers, traits));
    }
  }
  return all;
}

}  // namespace lbsim::fairness
