// Exactly at the edge of an SLO, where every answer is wrong, `plan` answers as seldom as it says:
// on queues, whose sums over a run are skewed. LBSIM_FULL: at loads of 50, 80 and 90 %.
#include <fmt/format.h>

#include "planning/batch_means.hpp"
#include "planning/sequential.hpp"
#include "planning/slo.hpp"
#include "planning/stretch.hpp"
#include "steady_sites.hpp"

namespace lbsim::planning {
namespace {

using namespace lbsim::testing;

const std::vector<std::string> kOf = {"mean", "p99"};

// What independent runs of an M/M/1 queue tell of limits that are the truth, moved by what they are
// off in the mean: so drawn from them, with replacement, the expectation is exactly at the limit.
std::vector<std::vector<Excess>> runs_at_the_edge(double load, int runs) {
  const double rate = load / kSteadyServiceS;
  constexpr double kWarmUpS = 30;
  const KnownSite site = one_queue(load, kWarmUpS + kSampleRequests / rate);
  std::vector<Slo> slos;
  for (const std::string& of : kOf) {
    const double truth_ms = site.truth(measure_named(of, "")) * 1e3;
    slos.push_back(parse_slo(fmt::format("{}<={:.3f}ms", of, truth_ms)));
  }
  std::vector<std::vector<Excess>> all(kOf.size());
  for (int seed = 1; seed <= runs; ++seed) {
    RunPlan plan = site.plan;
    plan.site.seed = static_cast<std::uint64_t>(seed);
    plan.windows = WindowsPlan{from_seconds(kWarmUpS), {}};
    const RunResult result = run(plan);
    const WindowCounts& window = result.recorder.windows().front();
    for (std::size_t i = 0; i < kOf.size(); ++i) {
      const SloLimit& limit = slos[i].limits[0];
      all[i].push_back({excess_of(limit, window), bound_of(limit, window)});
    }
  }
  for (std::vector<Excess>& of : all) {
    Excess sum;
    for (const Excess& e : of) sum.excess += e.excess, sum.bound += e.bound;
    EXPECT_LT(std::abs(sum.excess / sum.bound), 0.1) << "the truth is another";
    for (Excess& e : of) e.excess -= sum.excess / sum.bound * e.bound;
  }
  return all;
}

struct Wrong {
  int holds = 0;
  int breaks = 0;
};

Wrong wrong_answers(const std::vector<Excess>& runs, double chance, int trials) {
  Random random(5, "trials");
  Wrong wrong;
  for (int trial = 0; trial < trials; ++trial) {
    SequentialTest test(1, chance);
    Answer answer = Answer::unknown;
    for (const int look : SequentialTest::kLooks) {
      while (test.replications() < static_cast<std::size_t>(look)) {
        test.add({runs[random.below(runs.size())]});
      }
      answer = test.look();
      if (answer != Answer::unknown) break;
    }
    wrong.holds += answer == Answer::holds ? 1 : 0;
    wrong.breaks += answer == Answer::breaks ? 1 : 0;
  }
  return wrong;
}

void expect_seldom_wrong(const std::vector<Excess>& at_edge, double chance,
                         const std::string& what) {
  const int trials = is_full() ? 50'000 : 5'000;
  const Wrong wrong = wrong_answers(at_edge, chance, trials);
  const double expected = chance * trials;
  const double most = expected + 4 * std::sqrt(expected);
  EXPECT_LE(wrong.holds, most) << what;
  EXPECT_LE(wrong.breaks, most) << what;
  if (!is_full()) return;
  std::printf("%s: holds %.5f, breaks %.5f\n", what.c_str(),
              static_cast<double>(wrong.holds) / trials,
              static_cast<double>(wrong.breaks) / trials);
}

// At the chance that `plan` gives a point, and at one that is easier to see.
TEST(Edge, OfAQueueIsAnsweredAsSeldomAsItIsSaid) {
  for (const double load : is_full() ? std::vector{0.5, 0.8, 0.9} : std::vector{0.5}) {
    const auto runs = runs_at_the_edge(load, is_full() ? 400 : 20);
    for (std::size_t i = 0; i < kOf.size(); ++i) {
      for (const double chance : {0.05 / 32, 0.05}) {
        expect_seldom_wrong(runs[i], chance,
                            fmt::format("{} at load {}, chance {:.4f}", kOf[i], load, chance));
      }
    }
  }
}

}  // namespace
}  // namespace lbsim::planning
