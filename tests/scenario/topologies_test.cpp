// The committed scenarios, run for some seconds of their busiest hour.
#include <gtest/gtest.h>

#include <algorithm>

#include "committed.hpp"

namespace lbsim::scenario {
namespace {

std::uint64_t ok(const RunResult& result) {
  return result.recorder.outcomes()[static_cast<std::size_t>(RequestOutcome::ok)];
}

TEST(Topologies, AnswerEveryRequestOfAQuietSite) {
  for (const char* name :
       {"dns-only", "nginx", "haproxy-keepalived-nginx", "lvs-dr-nginx", "hardware-nginx"}) {
    const RunResult result = run(name, 30, {"workload.page_views=2M"});
    EXPECT_GT(ok(result), 10'000U) << name;
    EXPECT_EQ(ok(result), result.recorder.generated_count()) << name;
  }
}

// Work brought over capacity, as parts/server-fleet.toml derives it: 181 of 300 cores. Ten seconds
// bring 27,800 page views' worth of exponential demands, whose sum varies by less than 1 %; pages
// that are not over when the window ends leave a little of their work out.
TEST(Topologies, LoadTheFleetBySixtyPercentAtAHundredMillionPageViews) {
  constexpr double kLengthS = 10;
  const RunResult result = run("lvs-dr-nginx", kLengthS, {});
  double work_s = 0;
  double speed_s = 0;
  for (const NodeStats& node : result.recorder.nodes()) {
    if (node.tier != "servers") continue;
    work_s += node.total.work_s;
    speed_s += node.cores * kLengthS;
  }
  // The 120 old cores take twice as long for a fifth of the work: 181 x (0.8 + 0.2 x 2) of 360.
  EXPECT_NEAR(work_s / speed_s, 181 * 1.2 / 360, 0.03);
  EXPECT_GT(static_cast<double>(ok(result)),
            0.999 * static_cast<double>(result.recorder.generated_count()));
}

// Nobody hears of a refused connection at once but the device itself: its monitor takes the proxy
// out at the third failed check, 5 s apart, so between 10 s and 16 s after its program ended.
TEST(Topologies, LetAHardwareBalancerKnowOnlyWhatItsMonitorSays) {
  const std::vector<std::string> fault{"workload.page_views=2M", "access.method=round_robin",
                                       "fault=[{at='21:00:05', node='proxies.1', kind='stop'}]"};
  const RunResult seen = run("hardware-nginx", 60, fault);
  std::vector<std::string> blind = fault;
  blind.push_back("access.check.enabled=false");
  const RunResult unseen = run("hardware-nginx", 60, blind);
  const auto refused = [](const RunResult& r) {
    const auto& outcomes = r.recorder.outcomes();
    return static_cast<double>(outcomes[static_cast<std::size_t>(RequestOutcome::no_server)]);
  };
  // Of the 55 s in which nobody looks; some 200 of 700 refused, so 3 standard errors are 0.06.
  const double share = refused(seen) / refused(unseen);
  EXPECT_GT(share, 10.0 / 55 - 0.06);
  EXPECT_LT(share, 16.0 / 55 + 0.06);
}

TEST(Topologies, LetTheSecondHardwareBalancerTakeOver) {
  const RunResult pair =
      run("hardware-nginx", 30,
          {"workload.page_views=2M", "fault=[{at='21:00:10', node='access.1', kind='crash'}]"});
  const RunResult alone = run("hardware-nginx", 30,
                              {"workload.page_views=2M", "access.count=1",
                               "fault=[{at='21:00:10', node='access.1', kind='crash'}]"});
  EXPECT_GT(ok(pair), ok(alone) * 2);
  EXPECT_LT(ok(pair), pair.recorder.generated_count());
}

std::uint64_t sent_by(const RunResult& result, const std::string& tier) {
  std::uint64_t bytes = 0;
  for (const NodeStats& node : result.recorder.nodes()) {
    if (node.tier == tier) bytes += node.total.bytes_out;
  }
  return bytes;
}

// What a director passes on: with NAT the proxies' responses as well, with TUN and DR requests
// only.
TEST(Topologies, CarryResponsesThroughADirectorWithNatOnly) {
  const RunResult nat = run("lvs-nat", 10, {});
  const std::uint64_t requests = 1'000 * nat.recorder.generated_count();
  EXPECT_GE(sent_by(nat, "vip"), sent_by(nat, "proxies"));
  for (const char* name : {"lvs-tun", "lvs-dr-nginx"}) {
    const RunResult other = run(name, 10, {"workload.page_views=20M"});
    EXPECT_LE(sent_by(other, "vip"), requests * 101 / 100) << name;
  }
}

TEST(Topologies, KeepNetworksWithTheirProxyWhereConnectionsPersist) {
  const auto uneven = [](const RunResult& result) {
    const auto& picks = result.recorder.pools().front().picks;
    const auto [least, most] = std::minmax_element(picks.begin(), picks.end());
    return *most - *least;
  };
  EXPECT_LE(uneven(run("lvs-persistent", 10, {"vip.persistence_timeout=0s"})), 1U);
  EXPECT_GT(uneven(run("lvs-persistent", 10, {})), 100U);
}

}  // namespace
}  // namespace lbsim::scenario
