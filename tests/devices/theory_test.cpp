// A site reduced to one queue, against queueing theory. Ten replications give the standard error.
#include <cmath>

#include "experiments.hpp"

namespace lbsim {
namespace {

using namespace lbsim::testing;

constexpr double kServiceS = 0.010;
constexpr double kLoad = 0.7;
// Handshake and request and response, 1 us each way; nothing else takes time.
constexpr double kNetworkS = 4e-6;

struct Estimate {
  double mean = 0;
  double standard_error = 0;
};

Estimate mean_sojourn(Distribution service, kernel::Discipline discipline, int cores) {
  constexpr int kReplications = 10;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kReplications; ++i) {
    TierConfig tier = servers(1, cores);
    auto& server = std::get<ServerTierConfig>(tier.device);
    server.discipline = discipline;
    server.backlog = 1'000'000;
    RunPlan p = bare_plan({tier}, kLoad * cores / kServiceS, 600, service, 1);
    p.site.clients[0].latency = microseconds(1);
    p.site.seed = static_cast<std::uint64_t>(i + 1);
    const RunResult r = run(p);
    EXPECT_EQ(not_ok(r), 0u);
    const double mean = r.recorder.latency().mean_s() - kNetworkS;
    sum += mean;
    squares += mean * mean;
  }
  const double mean = sum / kReplications;
  const double variance =
      (squares / kReplications - mean * mean) * kReplications / (kReplications - 1);
  return {mean, std::sqrt(variance / kReplications)};
}

void expect_mean(double expected_s, const Estimate& e) {
  EXPECT_NEAR(e.mean, expected_s, 5 * e.standard_error);
  EXPECT_LT(e.standard_error, 0.02 * expected_s);  // else the test says nothing
}

TEST(Theory, OneExponentialServerIsAnMM1Queue) {
  const Distribution service{Law::exponential, kServiceS, 1, nullptr};
  expect_mean(kServiceS / (1 - kLoad), mean_sojourn(service, kernel::Discipline::fifo, 1));
}

// Pollaczek and Khinchine: the wait of M/G/1 is rho * s * (1 + scv) / (2 * (1 - rho)).
TEST(Theory, FixedServiceTimesHalveTheWait) {
  const double wait_s = kLoad * kServiceS / (2 * (1 - kLoad));
  expect_mean(kServiceS + wait_s, mean_sojourn(always(kServiceS), kernel::Discipline::fifo, 1));
}

// Under processor sharing the mean depends on the mean service time only (Kleinrock 1976, vol. 2).
TEST(Theory, ProcessorSharingDoesNotCareForTheServiceLaw) {
  const Distribution service{Law::hyperexponential, kServiceS, 4, nullptr};
  expect_mean(kServiceS / (1 - kLoad), mean_sojourn(service, kernel::Discipline::ps, 1));
}

// Erlang C for two servers at rho = 0.7: C = 2 rho^2 / (1 + rho), wait = C * s / (2 * (1 - rho)).
TEST(Theory, TwoCoresAreAnMM2Queue) {
  const Distribution service{Law::exponential, kServiceS, 1, nullptr};
  const double waits = 2 * kLoad * kLoad / (1 + kLoad);
  expect_mean(kServiceS + waits * kServiceS / (2 * (1 - kLoad)),
              mean_sojourn(service, kernel::Discipline::fifo, 2));
}

}  // namespace
}  // namespace lbsim
