// Of 95 % intervals, 93 to 97 % cover the truth: M/M/1 and a weighted pool, whose steady states are
// known. LBSIM_FULL: 2,000 seeds, else 60 and a wider band, four standard errors around 95 %.
#include "planning/batch_means.hpp"
#include "planning/compare_runs.hpp"
#include "steady_sites.hpp"

namespace lbsim::planning {
namespace {

using namespace lbsim::testing;

constexpr int kShort = 60;

struct Coverage {
  int answers = 0;
  int covered = 0;
  double share() const { return static_cast<double>(covered) / answers; }
};

// One run for each seed; all measures from the same run.
std::vector<Coverage> coverage(const KnownSite& site, const std::vector<std::string>& names) {
  const int seeds = is_full() ? 2000 : kShort;
  std::vector<Coverage> all(names.size());
  for (int seed = 1; seed <= seeds; ++seed) {
    RunPlan plan = site.plan;
    plan.site.seed = static_cast<std::uint64_t>(seed);
    RunSeries series(from_seconds(plan.window.length_s / 390));
    plan.observe = [&](Time now, const Recorder& recorder) {
      if (now > kTimeZero) series.observe(recorder);
      return series.step();
    };
    run(plan);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Measure measure = measure_named(names[i], "");
      const Estimate e = estimate(series, measure);
      if (!e.lacks.empty()) continue;
      ++all[i].answers;
      all[i].covered += e.interval.covers(site.truth(measure)) ? 1 : 0;
    }
  }
  return all;
}

void expect_coverage(const KnownSite& site) {
  const std::vector<std::string> names = {"mean", "p50", "p99"};
  const std::vector<Coverage> all = coverage(site, names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const int seeds = is_full() ? 2000 : kShort;
    EXPECT_GE(all[i].answers, seeds * 0.9) << names[i];
    const double band = is_full() ? 0.02 : 4 * std::sqrt(0.95 * 0.05 / kShort);
    EXPECT_NEAR(all[i].share(), 0.95, band) << names[i] << " of " << all[i].answers;
    ::testing::Test::RecordProperty(names[i], std::to_string(all[i].share()));
    if (is_full())
      std::printf("%s: %.4f of %d\n", names[i].c_str(), all[i].share(), all[i].answers);
  }
}

// The share of stopped runs whose interval covers the truth.
Coverage coverage_when_stopped(const KnownSite& site, const std::string& goal) {
  Coverage coverage;
  for (int seed = 1; seed <= (is_full() ? 2000 : kShort / 2); ++seed) {
    RunPlan plan = site.plan;
    plan.site.seed = static_cast<std::uint64_t>(seed);
    const auto goals = parse_precision(goal);
    PrecisionWatch watch(goals, plan.window.length_s, 0);
    plan.observe = [&](Time now, const Recorder& recorder) { return watch.observe(now, recorder); };
    run(plan);
    const PrecisionResult found = watch.results().front();
    if (!found.reached) continue;
    ++coverage.answers;
    const double error = std::abs(found.estimate - site.truth(goals.front().measure));
    coverage.covered += error <= found.half_width ? 1 : 0;
  }
  return coverage;
}

void expect_coverage_when_stopped(const KnownSite& site, const std::vector<std::string>& goals) {
  const int seeds = is_full() ? 2000 : kShort / 2;
  for (const std::string& goal : goals) {
    const Coverage found = coverage_when_stopped(site, goal);
    EXPECT_GE(found.answers, seeds * 0.95) << goal;
    const double band = is_full() ? 0.02 : 4 * std::sqrt(0.95 * 0.05 / seeds);
    EXPECT_NEAR(found.share(), 0.95, band) << goal << " of " << found.answers;
    if (is_full()) std::printf("%s: %.4f of %d\n", goal.c_str(), found.share(), found.answers);
  }
}

TEST(Coverage, OfAnMM1QueueWhoseRunWasStopped) {
  expect_coverage_when_stopped(one_queue(0.5, 10'000), {"mean:6%", "p99:8%"});
}

TEST(Coverage, OfAWeightedPoolWhoseRunWasStopped) {
  expect_coverage_when_stopped(weighted_pool(5000), {"mean:4%", "p50:5%"});
}

// As `compare --precision` makes them: normal, their deviation so many times the wanted half width.
TEST(Coverage, OfReplicationsThatEndWhenTheyArePrecise) {
  Random random(11, "replications");
  for (const double deviation : {0.5, 1.0, 1.5, 2.0, 3.0}) {
    Coverage coverage;
    for (; coverage.answers < 20'000; ++coverage.answers) {
      PrecisionLooks looks(100);
      std::vector<double> values;
      Interval interval;
      do {
        while (values.size() < static_cast<std::size_t>(looks.next())) {
          values.push_back(deviation * random.normal());
        }
        interval = mean_interval(values);
      } while (!looks.is_enough(interval.half_width <= 1));
      coverage.covered += interval.covers(0) ? 1 : 0;
    }
    EXPECT_NEAR(coverage.share(), 0.95, 0.02) << deviation;
  }
}

TEST(Coverage, OfAnMM1QueueAtHalfLoad) { expect_coverage(one_queue(0.5, is_full() ? 2400 : 1400)); }

TEST(Coverage, OfAWeightedPool) { expect_coverage(weighted_pool(700)); }

}  // namespace
}  // namespace lbsim::planning
