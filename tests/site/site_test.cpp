#include "site/run.hpp"

#include <gtest/gtest.h>

#include "sites.hpp"

namespace lbsim {
namespace {

using namespace lbsim::testing;

std::uint64_t failed(const RunResult& result) {
  return result.recorder.generated_count() - result.recorder.outcomes()[0];
}

TEST(Site, AnswersEveryRequestOfAnIdleSiteInEveryTopology) {
  const std::vector<std::vector<TierConfig>> topologies = {
      {servers(8, 4)},
      {nginx(1), servers(8, 4)},
      {haproxy_tcp(), nginx(2), servers(8, 4)},
      {lvs(), nginx(2, "least_conn"), servers(8, 4)},
      {lvs("wrr", LvsMode::nat), nginx(2), servers(8, 4)},
      {lvs("wrr", LvsMode::tun), servers(8, 4)},
  };
  for (const auto& tiers : topologies) {
    const RunResult result = run(plan(tiers, 100, 10, 60));
    EXPECT_NEAR(static_cast<double>(result.recorder.generated_count()), 60'000, 3'000);
    EXPECT_EQ(failed(result), 0u);
    EXPECT_EQ(result.recorder.pages_started(), result.recorder.pages_complete());
    EXPECT_GT(result.recorder.latency().quantile_s(0.5), 0.030);  // two trips of 15 ms
    EXPECT_LT(result.recorder.latency().quantile_s(0.99), 0.2);
  }
}

}  // namespace
}  // namespace lbsim
