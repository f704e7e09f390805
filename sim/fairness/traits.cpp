#include "core/random.hpp"
#include "fairness/clients.hpp"
#include "fairness/driver.hpp"
#include "fairness/pools.hpp"
#include "fairness/scenario.hpp"

namespace lbsim::fairness {
namespace {

constexpr std::size_t kAskedServers = 16;
constexpr int kRequests = 400;

struct Asking {
  std::uint64_t seed = 1;
  bool many_clients = false;
  bool holds = false;  // every third request does not end
};

std::uint64_t digest_of(const Subject& subject, const Asking& asking) {
  Driver driver(subject, pool_config(weights_of(Shape::equal, kAskedServers), asking.seed));
  Client client;
  for (int i = 0; i < kRequests; ++i) {
    const Time now = kTimeZero + milliseconds(10 * i);
    if (asking.many_clients) client.become(static_cast<std::uint64_t>(i));
    Attempt attempt;
    if (driver.begin(client.request(), attempt, now) == kNoServer) continue;
    if (!asking.holds || i % 3 != 0) driver.end(attempt, now);
  }
  return driver.digest();
}

}  // namespace

Traits traits_of(const Subject& subject) {
  const std::uint64_t plain = digest_of(subject, {});
  Traits traits;
  traits.drawn = plain != digest_of(subject, {.seed = 2});
  traits.keyed = plain != digest_of(subject, {.many_clients = true});
  traits.load_aware = plain != digest_of(subject, {.holds = true});
  return traits;
}

std::vector<Scenario> scenarios_for(const Subject& subject, const Traits& traits) {
  std::vector<Scenario> all;
  for (const auto& some : {steady_scenarios(subject, traits), change_scenarios(subject, traits),
                           session_scenarios(subject, traits), held_scenarios(subject, traits),
                           loaded_scenarios(subject, traits)}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace lbsim::fairness
