// Claims about load balancing, each as a pair of scenarios over five seeds. Both of a pair have the
// same users, so their differences are tested: by Student's t with 4 degrees of freedom, at a
// confidence of 99.5 % (t = 4.604).
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "committed.hpp"

namespace lbsim::scenario {
namespace {

constexpr int kSeeds = 5;
constexpr double kStudent = 4.604;

RunResult run_seed(const std::string& name, int seed, double length_s,
                   std::vector<std::string> settings) {
  settings.push_back("seed=" + std::to_string(seed));
  return run(name, length_s, settings);
}

struct Difference {
  double mean = 0;
  double half_width = 0;  // of the interval of 99 %
};

Difference difference(const std::array<double, kSeeds>& d) {
  double sum = 0;
  for (const double x : d) sum += x;
  const double mean = sum / kSeeds;
  double squares = 0;
  for (const double x : d) squares += (x - mean) * (x - mean);
  return {mean, kStudent * std::sqrt(squares / (kSeeds - 1) / kSeeds)};
}

double complete_share(const RunResult& r) {
  return static_cast<double>(r.recorder.pages_complete()) /
         static_cast<double>(r.recorder.pages_started());
}

// C12: a cache in the proxies speeds up static pages. Those of programs are no slower.
TEST(Claims, AProxysCacheSpeedsUpStaticPages) {
  std::array<double, kSeeds> static_pages{};
  std::array<double, kSeeds> dynamic_pages{};
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const RunResult with = run_seed("nginx-cache", seed, 20, {});
    const RunResult without = run_seed("nginx-cache", seed, 20, {"proxies.cache.size=1B"});
    EXPECT_GT(with.recorder.layer7()[0].cache.hit_ratio(), 0.5);
    EXPECT_EQ(without.recorder.layer7()[0].cache.hits, 0u);
    const auto saved_s = [&](std::size_t content) {
      return without.recorder.contents()[content].latency.mean_s() -
             with.recorder.contents()[content].latency.mean_s();
    };
    static_pages[static_cast<std::size_t>(seed) - 1] = saved_s(0);
    dynamic_pages[static_cast<std::size_t>(seed) - 1] = saved_s(1);
  }
  const Difference faster = difference(static_pages);
  EXPECT_GT(faster.mean - faster.half_width, 0.005);  // more than 5 ms of about 60
  const Difference others = difference(dynamic_pages);
  EXPECT_GT(others.mean + others.half_width, 0.0);
}

// C6: a hardware tier that sees no application trouble floods the servers; limits at two tiers
// prevent that: users who are let in do not wait, and more pages are complete.
TEST(Claims, LimitsAtTwoTiersKeepServersFromBeingFlooded) {
  std::array<double, kSeeds> complete{};
  std::array<double, kSeeds> waits_s{};
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const RunResult flooded = run_seed("overload", seed, 30, {});
    const RunResult limited = run_seed("overload-limits", seed, 30, {});
    const auto i = static_cast<std::size_t>(seed) - 1;
    complete[i] = complete_share(limited) - complete_share(flooded);
    waits_s[i] = flooded.recorder.latency().mean_s() - limited.recorder.latency().mean_s();
    EXPECT_GT(limited.recorder.outcomes()[static_cast<std::size_t>(RequestOutcome::rate_limited)],
              0u);
  }
  const Difference pages = difference(complete);
  EXPECT_GT(pages.mean - pages.half_width, 0.0);
  const Difference waits = difference(waits_s);
  EXPECT_GT(waits.mean - waits.half_width, 0.5);  // seconds
}

}  // namespace
}  // namespace lbsim::scenario
