// The arithmetic of RFC 3768, section 6.1: Skew_Time = (256 - priority) / 256 s,
// Master_Down_Interval = 3 * Advertisement_Interval + Skew_Time.
#include "control/vrrp.hpp"

#include <gtest/gtest.h>

namespace lbsim {
namespace {

VrrpConfig config(std::vector<int> priorities, bool preempt = true) {
  VrrpConfig c;
  c.priorities = std::move(priorities);
  c.preempt = preempt;
  return c;
}

Time at(double s) { return kTimeZero + from_seconds(s); }

TEST(Vrrp, SkewsABackupByItsPriorityBelow256) {
  const Vrrp vrrp(config({100, 90}), kTimeZero);
  EXPECT_EQ(vrrp.skew(0), Duration{156 * 1'000'000'000'000 / 256});
  EXPECT_EQ(vrrp.skew(1), Duration{166 * 1'000'000'000'000 / 256});
  EXPECT_EQ(vrrp.master_down_interval(1), seconds(3) + vrrp.skew(1));
}

TEST(Vrrp, ScalesTheSkewByTheIntervalInVersion3Only) {
  VrrpConfig c = config({100, 90});
  c.advert_interval = milliseconds(100);
  EXPECT_EQ(Vrrp(c, kTimeZero).skew(1), Duration{166 * 1'000'000'000'000 / 256});
  c.version = 3;  // RFC 5798, 6.1: ((256 - priority) * Master_Adver_Interval) / 256
  EXPECT_EQ(Vrrp(c, kTimeZero).skew(1), Duration{166 * 100'000'000'000 / 256});
}

TEST(Vrrp, GivesTheAddressToTheHighestPriorityAndTheFirstOfEquals) {
  EXPECT_EQ(Vrrp(config({90, 100, 100}), kTimeZero).holder(), 1);
}

TEST(Vrrp, LeavesACrashedMastersAddressUnansweredUntilAnIntervalAfterItsLastAdvertisement) {
  // Advertisements at 0, 1, 2, ... s; whenever in (7, 8) the crash is, the last was at 7 s.
  for (const double crash : {7.0, 7.001, 7.5, 7.999}) {
    Vrrp vrrp(config({100, 90}), kTimeZero);
    const auto takeover = vrrp.crashed(0, at(crash));
    EXPECT_EQ(vrrp.holder(), kNobody);
    ASSERT_TRUE(takeover);
    EXPECT_EQ(takeover->node, 1);
    EXPECT_EQ(takeover->at, at(7) + seconds(3) + vrrp.skew(1));
    EXPECT_FALSE(vrrp.taken(1, takeover->at));
    EXPECT_EQ(vrrp.holder(), 1);
  }
}

TEST(Vrrp, TakesOverASkewAfterTheMasterSaysGoodbye) {
  Vrrp vrrp(config({100, 90}), kTimeZero);
  const auto takeover = vrrp.stopped(0, at(7.5));
  ASSERT_TRUE(takeover);
  EXPECT_EQ(takeover->at, at(7.5) + vrrp.skew(1));
}

TEST(Vrrp, CountsFromTheAdvertisementsOfWhoeverIsMasterNow) {
  Vrrp vrrp(config({100, 90, 80}, false), kTimeZero);
  const auto first = vrrp.stopped(0, at(7.5));
  vrrp.taken(1, first->at);  // advertises from here on, every second
  const auto second = vrrp.crashed(1, first->at + milliseconds(2300));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->node, 2);
  EXPECT_EQ(second->at, first->at + seconds(2) + vrrp.master_down_interval(2));
}

TEST(Vrrp, LetsAReturnedMasterPreemptAfterItsOwnInterval) {
  Vrrp vrrp(config({100, 90}), kTimeZero);
  vrrp.taken(1, vrrp.crashed(0, at(7.5))->at);
  const auto back = vrrp.returned(0, at(60.25));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->node, 0);
  EXPECT_EQ(back->at, at(60.25) + vrrp.master_down_interval(0));
  EXPECT_FALSE(vrrp.taken(0, back->at));
}

TEST(Vrrp, LeavesTheAddressWhereItIsWithoutPreemption) {
  Vrrp vrrp(config({100, 90}, false), kTimeZero);
  vrrp.taken(1, vrrp.crashed(0, at(7.5))->at);
  EXPECT_FALSE(vrrp.returned(0, at(60)));
  EXPECT_EQ(vrrp.holder(), 1);
}

TEST(Vrrp, LetsTheBestOfThreeTakeOverAndTheNextWhenThatDiesToo) {
  Vrrp vrrp(config({100, 80, 90}), kTimeZero);
  const auto first = vrrp.crashed(0, at(5.5));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->node, 2);                    // the higher priority has the smaller skew
  const auto instead = vrrp.crashed(2, at(6));  // before it took over
  ASSERT_TRUE(instead);
  EXPECT_EQ(instead->node, 1);
  EXPECT_EQ(instead->at, at(5) + vrrp.master_down_interval(1));
}

TEST(Vrrp, IsHeldByNobodyWhenAllAreDownAndByTheFirstToComeBack) {
  Vrrp vrrp(config({100, 90}), kTimeZero);
  vrrp.crashed(1, at(2));
  EXPECT_FALSE(vrrp.crashed(0, at(3.5)));
  const auto back = vrrp.returned(1, at(10));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->at, at(10) + vrrp.master_down_interval(1));
}

TEST(Vrrp, DoesNotCareWhenABackupDies) {
  Vrrp vrrp(config({100, 90}), kTimeZero);
  EXPECT_FALSE(vrrp.crashed(1, at(2)));
  EXPECT_EQ(vrrp.holder(), 0);
}

}  // namespace
}  // namespace lbsim
