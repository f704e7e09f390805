// Clients that come back with the session they were given, while the pool changes: do they find
// their server again?
#include "core/random.hpp"
#include "fairness/clients.hpp"
#include "fairness/driver.hpp"
#include "fairness/pools.hpp"
#include "fairness/scenario.hpp"

namespace lbsim::fairness {
namespace {

using algorithms::AdminState;

constexpr std::size_t kSessionServers = 16;
constexpr ServerId kLeaves = 6;
constexpr ServerId kDrains = 9;
constexpr ServerId kReweighed = 11;

struct Visitor {
  std::uint64_t key = 0;
  ServerId server = kNoServer;
};

// Share of those visitors who come to their server again: of all whose server is not `except`, or
// of `only`'s.
class Returns {
 public:
  Returns(Driver& driver, std::vector<Visitor>& visitors) : driver_(driver), visitors_(visitors) {}

  double kept(Time now, ServerId except, ServerId only = kNoServer) {
    std::size_t asked = 0;
    std::size_t kept = 0;
    for (const Visitor& visitor : visitors_) {
      if (visitor.server == kNoServer || visitor.server == except) continue;
      if (only != kNoServer && visitor.server != only) continue;
      client_.become(visitor.key);
      ++asked;
      if (driver_.ask(client_.with_session(visitor.server), now) == visitor.server) ++kept;
    }
    return asked == 0 ? 1 : static_cast<double>(kept) / static_cast<double>(asked);
  }

 private:
  Driver& driver_;
  std::vector<Visitor>& visitors_;
  Client client_;
};

Batch play_sessions(const Subject& subject, const Traits&, std::uint64_t seed, std::size_t picks) {
  const std::vector<int> weights = weights_of(Shape::equal, kSessionServers);
  PoolConfig config = pool_config(weights, seed);
  config.parameters = subject.session_parameters;
  Driver driver(subject, config);
  Random random(seed, "fairness.sessions");
  std::vector<Visitor> visitors(picks);
  Client client;
  for (Visitor& visitor : visitors) {
    visitor.key = random.bits();
    visitor.server = driver.ask(client.become(visitor.key), kTimeZero);
  }
  Returns returns(driver, visitors);
  Batch batch;
  batch.metrics.emplace_back("kept", returns.kept(kTimeZero + seconds(1), kNoServer));
  driver.pool().set_admin(kLeaves, AdminState::maintenance, kTimeZero + seconds(2));
  batch.metrics.emplace_back("kept_on_leave", returns.kept(kTimeZero + seconds(3), kLeaves));
  driver.pool().set_admin(kDrains, AdminState::drain, kTimeZero + seconds(4));
  batch.metrics.emplace_back("kept_while_draining",
                             returns.kept(kTimeZero + seconds(5), kLeaves, kDrains));
  driver.pool().set_weight(kReweighed, 3, kTimeZero + seconds(6));
  driver.pool().set_admin(kLeaves, AdminState::ready, kTimeZero + seconds(6));
  batch.metrics.emplace_back("kept_on_join", returns.kept(kTimeZero + seconds(7), kDrains));
  batch.digest = driver.digest();
  return batch;
}

}  // namespace

std::vector<Scenario> session_scenarios(const Subject& subject, const Traits&) {
  if (subject.session_parameters.empty()) return {};
  return {{"sessions-16", play_sessions, 1000, 1000}};
}

}  // namespace lbsim::fairness
