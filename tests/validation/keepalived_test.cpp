// keepalived as it was measured, by the verdict that `lbsim validate` gives.
#include <gtest/gtest.h>

#include <cmath>

#include "validation/keepalived_trials.hpp"
#include "validation/keepalived_verdict.hpp"

namespace lbsim::validation {
namespace {

const std::string kFile = LBSIM_TEST_DATA "/conformance/ipvs/failover/keepalived.json";

std::vector<KeepalivedCase> measured() { return read_keepalived(kFile).value(); }

KeepalivedCase measured(const std::string& title) {
  for (const KeepalivedCase& c : measured()) {
    if (c.title == title) return c;
  }
  throw std::runtime_error("no case " + title);
}

std::size_t failures(const std::vector<TimingVerdict>& verdicts) {
  std::size_t count = 0;
  for (const TimingVerdict& verdict : verdicts) count += verdict.pass() ? 0 : 1;
  return count;
}

TEST(KeepalivedRecord, HasEveryRunOfEveryKind) {
  std::size_t runs = 0;
  const auto cases = measured();
  EXPECT_EQ(cases.size(), 8u + 1 + 12 + 10);
  for (const KeepalivedCase& c : cases) {
    std::size_t most = 0;
    for (const auto& [name, values] : c.recorded) most = std::max(most, values.size());
    runs += most;
  }
  // 5 x 6 and 3 x 5 of VRRP, 2 without preemption, 12 x 5 of checks, 10 x 2 of connections.
  EXPECT_EQ(runs, 30u + 15 + 2 + 60 + 20);
}

TEST(KeepalivedVerdict, HoldsForEveryRecordedRunOverAThousandSeeds) {
  for (const TimingVerdict& v : judge_keepalived(measured())) {
    EXPECT_TRUE(v.pass()) << v.title << ", " << v.quantity << ": " << v.why << ": recorded "
                          << v.recorded.least << " to " << v.recorded.most << ", simulated "
                          << v.simulated.least << " to " << v.simulated.most;
  }
}

// What the verdict would say of another keepalived.
TEST(KeepalivedVerdict, FailsForTimesThatAreNotKeepaliveds) {
  KeepalivedCase slower = measured("vrrp kill9_all, advert_int 1");
  slower.advert_int_s = 1.3;
  EXPECT_GT(failures(judge_keepalived({slower}, 200)), 1u);
  KeepalivedCase other_skew = measured("vrrp stop, advert_int 1");
  other_skew.priorities = {100, 60};
  EXPECT_GT(failures(judge_keepalived({other_skew}, 50)), 0u);
  KeepalivedCase no_interval_after_recovery = measured("HTTP_GET 6/3/3/5 refused");
  no_interval_after_recovery.http = false;
  EXPECT_EQ(failures(judge_keepalived({no_interval_after_recovery}, 1000)), 1u);
  KeepalivedCase one_retry_less = measured("TCP_CHECK 6/3/3/5 vanished");
  one_retry_less.retry = 2;
  EXPECT_EQ(failures(judge_keepalived({one_retry_less}, 1000)), 1u);
}

TEST(KeepalivedVerdict, FailsIfConnectionsSurviveThatDidNotOrTheOtherWayRound) {
  KeepalivedCase without = measured("connection rr, sync, link_down");
  without.sync = false;
  EXPECT_GT(failures(judge_keepalived({without}, 20)), 1u);
  KeepalivedCase with = measured("connection rr, link_down");
  with.sync = true;
  EXPECT_GT(failures(judge_keepalived({with}, 20)), 1u);
  KeepalivedCase hashed = measured("connection mh, sloppy_tcp, stop");
  hashed.sloppy_tcp = false;
  EXPECT_GT(failures(judge_keepalived({hashed}, 20)), 1u);
}

}  // namespace
}  // namespace lbsim::validation
