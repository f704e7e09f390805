// Of 95 % intervals, 93 to 97 % cover the truth: M/M/1 and a weighted pool, whose steady states are
// known. LBSIM_FULL: 2,000 seeds, else 60 and a wider band, four standard errors around 95 %.
#include <cstdlib>

#include "planning/batch_means.hpp"
#include "steady_sites.hpp"

namespace lbsim::planning {
namespace {

using namespace lbsim::testing;

bool is_full() {
  const char* full = std::getenv("LBSIM_FULL");
  return full != nullptr && std::string(full) == "1";
}

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

TEST(Coverage, OfAnMM1QueueAtHalfLoad) { expect_coverage(one_queue(0.5, is_full() ? 2400 : 1400)); }

TEST(Coverage, OfAWeightedPool) { expect_coverage(weighted_pool(700)); }

}  // namespace
}  // namespace lbsim::planning
