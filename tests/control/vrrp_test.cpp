// The arithmetic of RFC 3768, section 6.1: Skew_Time = (256 - priority) / 256 s,
// Master_Down_Interval = 3 * Advertisement_Interval + Skew_Time.
#include "control/vrrp.hpp"

#include <gmock/gmock.h>

namespace lbsim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

VrrpConfig config(std::vector<int> priorities, bool preempt = true) {
  VrrpConfig c;
  c.priorities = std::move(priorities);
  c.preempt = preempt;
  return c;
}

Time at(double s) { return kTimeZero + from_seconds(s); }

// Who takes (+node + 1), drops (-node - 1) or is asked for (node + 101) the address, and when.
struct Seen {
  Time when;
  int what;
  bool operator==(const Seen&) const = default;
};
Seen takes(int node, Time when) { return {when, node + 1}; }
Seen drops(int node, Time when) { return {when, -node - 1}; }
Seen is_asked(int node, Time when) { return {when, node + 101}; }

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
  return out << seen.what << " at " << to_seconds(seen.when);
}

void note(Vrrp& vrrp, Time now, std::vector<Seen>& seen) {
  for (const Vrrp::Change& change : vrrp.take_changes()) {
    switch (change.what) {
      case Vrrp::What::takes:
        seen.push_back(takes(change.node, now));
        break;
      case Vrrp::What::drops:
        seen.push_back(drops(change.node, now));
        break;
      case Vrrp::What::is_asked:
        seen.push_back(is_asked(change.node, now));
        break;
    }
  }
}

// All that happens of itself until `end`, with what has just been done to it at `now`.
std::vector<Seen> watch(Vrrp& vrrp, Time now, Time end = at(1000)) {
  std::vector<Seen> seen;
  note(vrrp, now, seen);
  for (auto next = vrrp.next(); next && *next <= end; next = vrrp.next()) {
    EXPECT_GE(*next, now);
    now = *next;
    vrrp.happen(now);
    note(vrrp, now, seen);
  }
  return seen;
}

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
  Vrrp vrrp(config({90, 100, 100}), kTimeZero);
  EXPECT_EQ(vrrp.holder(), 1);
  EXPECT_THAT(watch(vrrp, kTimeZero), IsEmpty());  // while nothing goes wrong
}

TEST(Vrrp, LeavesACrashedMastersAddressUnansweredUntilAnIntervalAfterItsLastAdvertisement) {
  // Advertisements at 0, 1, 2, ... s; whenever in (7, 8) the crash is, the last was at 7 s.
  for (const double crash : {7.0, 7.001, 7.5, 7.999}) {
    Vrrp vrrp(config({100, 90}), kTimeZero);
    vrrp.crashed(0, at(crash));
    EXPECT_EQ(vrrp.holder(), kNobody);
    EXPECT_THAT(watch(vrrp, at(crash)), ElementsAre(takes(1, at(7) + seconds(3) + vrrp.skew(1))));
    EXPECT_EQ(vrrp.holder(), 1);
  }
}

TEST(Vrrp, TakesOverASkewAfterTheMasterSaysGoodbye) {
  Vrrp machine(config({100, 90}), kTimeZero);
  machine.stopped(0, at(7.5));
  EXPECT_THAT(watch(machine, at(7.5)), ElementsAre(takes(1, at(7.5) + machine.skew(1))));
  Vrrp keepalived(config({100, 90}), kTimeZero);
  keepalived.ended(0, at(7.5));
  EXPECT_THAT(watch(keepalived, at(7.5)),
              ElementsAre(drops(0, at(7.5)), takes(1, at(7.5) + keepalived.skew(1))));
}

TEST(Vrrp, CountsFromTheAdvertisementsOfWhoeverIsMasterNow) {
  Vrrp vrrp(config({100, 90, 80}, false), kTimeZero);
  vrrp.stopped(0, at(7.5));
  const Time first = watch(vrrp, at(7.5)).at(0).when;  // vip 1 advertises from here on, each second
  vrrp.crashed(1, first + milliseconds(2300));
  EXPECT_THAT(watch(vrrp, first + milliseconds(2300)),
              ElementsAre(takes(2, first + seconds(2) + vrrp.master_down_interval(2))));
}

TEST(Vrrp, LetsAReturnedMasterPreemptAfterItsStartAndItsOwnInterval) {
  VrrpConfig c = config({100, 90});
  Vrrp vrrp(c, kTimeZero);
  vrrp.crashed(0, at(7.5));
  watch(vrrp, at(7.5));
  vrrp.returned(0, at(60.25));
  const Time back = at(60.25) + c.start + vrrp.master_down_interval(0);
  EXPECT_THAT(watch(vrrp, at(60.25)), ElementsAre(takes(0, back), drops(1, back)));
}

TEST(Vrrp, PreemptsLaterByTheDelay) {
  VrrpConfig c = config({100, 90});
  c.preempt_delay = seconds(300);
  Vrrp vrrp(c, kTimeZero);
  vrrp.crashed(0, at(7.5));
  watch(vrrp, at(7.5));
  vrrp.returned(0, at(60.25));
  const Time back = at(60.25) + c.start + seconds(300) + vrrp.master_down_interval(0);
  EXPECT_THAT(watch(vrrp, at(60.25)), ElementsAre(takes(0, back), drops(1, back)));
}

TEST(Vrrp, DoesNotWaitForTheDelayWhenNobodyElseIsThere) {
  VrrpConfig c = config({100, 90});
  c.preempt_delay = seconds(300);
  Vrrp vrrp(c, kTimeZero);
  vrrp.crashed(0, at(7.5));
  const Time first = watch(vrrp, at(7.5)).at(0).when;
  vrrp.returned(0, at(60.25));
  watch(vrrp, at(60.25), first + seconds(100));
  vrrp.crashed(1, first + seconds(100));
  EXPECT_THAT(watch(vrrp, first + seconds(100)),
              ElementsAre(takes(0, first + seconds(100) + vrrp.master_down_interval(0))));
}

TEST(Vrrp, LeavesTheAddressWhereItIsWithoutPreemption) {
  Vrrp vrrp(config({100, 90}, false), kTimeZero);
  vrrp.crashed(0, at(7.5));
  watch(vrrp, at(7.5));
  vrrp.returned(0, at(60));
  EXPECT_THAT(watch(vrrp, at(60)), IsEmpty());
  EXPECT_EQ(vrrp.holder(), 1);
}

TEST(Vrrp, LetsTheBestOfThreeTakeOverAndTheNextWhenThatDiesToo) {
  Vrrp vrrp(config({100, 80, 90}), kTimeZero);
  vrrp.crashed(0, at(5.5));
  EXPECT_EQ(vrrp.next(), at(5) + vrrp.master_down_interval(2));  // the smaller skew
  vrrp.crashed(2, at(6));                                        // before it took over
  EXPECT_THAT(watch(vrrp, at(6)), ElementsAre(takes(1, at(5) + vrrp.master_down_interval(1))));
}

TEST(Vrrp, IsHeldByNobodyWhenAllAreDownAndByTheFirstToComeBack) {
  VrrpConfig c = config({100, 90});
  Vrrp vrrp(c, kTimeZero);
  vrrp.crashed(1, at(2));
  vrrp.crashed(0, at(3.5));
  EXPECT_FALSE(vrrp.next());
  vrrp.returned(1, at(10));
  EXPECT_THAT(watch(vrrp, at(10)),
              ElementsAre(takes(1, at(10) + c.start + vrrp.master_down_interval(1))));
}

TEST(Vrrp, DoesNotCareWhenABackupDies) {
  Vrrp vrrp(config({100, 90}), kTimeZero);
  vrrp.crashed(1, at(2));
  EXPECT_FALSE(vrrp.next());
  EXPECT_EQ(vrrp.holder(), 0);
}

TEST(Vrrp, LeavesTheAddressOnBothWhenKeepalivedIsKilled) {
  Vrrp vrrp(config({100, 90}), kTimeZero);
  vrrp.killed(0, at(7.5));
  EXPECT_EQ(vrrp.holder(), 0);  // its kernel answers
  EXPECT_FALSE(vrrp.is_kept(0));
  EXPECT_THAT(watch(vrrp, at(7.5)), ElementsAre(takes(1, at(7) + vrrp.master_down_interval(1))));
  EXPECT_TRUE(vrrp.holds(0) && vrrp.holds(1));
  EXPECT_EQ(vrrp.holder(), 1);  // which announced itself last
}

TEST(Vrrp, GoesBackToTheKernelThatKeptTheAddressOnlyWhenTheLanAsksAgain) {
  VrrpConfig c = config({100, 90});
  Vrrp vrrp(c, kTimeZero);
  vrrp.killed(0, at(7.5));
  watch(vrrp, at(7.5));
  vrrp.crashed(1, at(60));
  EXPECT_EQ(vrrp.holder(), kNobody);
  EXPECT_THAT(watch(vrrp, at(60)), ElementsAre(is_asked(0, at(60) + c.arp_timeout)));
  EXPECT_EQ(vrrp.holder(), 0);
}

TEST(Vrrp, TakesTheLeftAddressAwayWhenKeepalivedStartsAgain) {
  VrrpConfig c = config({100, 90});
  Vrrp vrrp(c, kTimeZero);
  vrrp.killed(0, at(7.5));
  watch(vrrp, at(7.5));
  vrrp.started(0, at(60));
  const Time listens = at(60) + c.start;
  const Time back = listens + vrrp.master_down_interval(0);
  EXPECT_THAT(watch(vrrp, at(60)), ElementsAre(drops(0, listens), takes(0, back), drops(1, back)));
}

TEST(Vrrp, IsABackupAfterItsProcessWasKilledAndStartedByItsParent) {
  VrrpConfig c = config({100, 90});
  Vrrp vrrp(c, kTimeZero);
  vrrp.child_killed(0, at(7.5));
  EXPECT_TRUE(vrrp.is_kept(0));
  const Time listens = at(7.5) + c.respawn;
  const Time backup = at(7) + vrrp.master_down_interval(1);
  const Time back = listens + vrrp.master_down_interval(0);
  EXPECT_THAT(watch(vrrp, at(7.5)),
              ElementsAre(drops(0, listens), takes(1, backup), takes(0, back), drops(1, back)));
}

TEST(Vrrp, DropsTheAddressOnALinkThatIsDownAndListensWhenItIsUp) {
  Vrrp vrrp(config({100, 90}), kTimeZero);
  vrrp.link_changed(0, false, at(7.5));
  EXPECT_THAT(watch(vrrp, at(7.5)),
              ElementsAre(drops(0, at(7.5)), takes(1, at(7) + vrrp.master_down_interval(1))));
  vrrp.link_changed(0, true, at(60.25));
  const Time back = at(60.25) + vrrp.master_down_interval(0);
  EXPECT_THAT(watch(vrrp, at(60.25)), ElementsAre(takes(0, back), drops(1, back)));
}

TEST(Vrrp, SplitsWhenAdvertisementsAreLost) {
  for (const int node : {0, 1}) {  // whichever is cut off
    Vrrp vrrp(config({100, 90}), kTimeZero);
    vrrp.cut(node, true, at(7.5));
    EXPECT_EQ(vrrp.holder(), 0);
    EXPECT_THAT(watch(vrrp, at(7.5)), ElementsAre(takes(1, at(7) + vrrp.master_down_interval(1))));
    EXPECT_TRUE(vrrp.holds(0) && vrrp.holds(1));
    EXPECT_EQ(vrrp.holder(), 1);
  }
}

// The backup took over at 10.648 s and advertises at x.648, the master at x.000.
TEST(Vrrp, GivesClientsBackAtOnceIfTheMasterHearsTheBackupFirst) {
  Vrrp vrrp(config({100, 90}), kTimeZero);
  vrrp.cut(0, true, at(7.5));
  const Time split = watch(vrrp, at(7.5)).at(0).when;
  vrrp.cut(0, false, at(60.1));
  const Time heard = split + seconds(50);
  EXPECT_THAT(watch(vrrp, at(60.1)), ElementsAre(drops(1, heard), is_asked(0, heard)));
  EXPECT_EQ(vrrp.holder(), 0);
}

TEST(Vrrp, LosesClientsUntilTheLanAsksAgainIfTheBackupHearsTheMasterFirst) {
  VrrpConfig c = config({100, 90});
  Vrrp vrrp(c, kTimeZero);
  vrrp.cut(0, true, at(7.5));
  watch(vrrp, at(7.5));
  vrrp.cut(0, false, at(60.7));
  EXPECT_THAT(watch(vrrp, at(60.7), at(61)), ElementsAre(drops(1, at(61))));
  EXPECT_EQ(vrrp.holder(), kNobody);
  EXPECT_THAT(watch(vrrp, at(61)), ElementsAre(is_asked(0, at(61) + c.arp_timeout)));
}

TEST(Vrrp, EndsASplitForTheHigherPriorityWithoutPreemptionToo) {
  Vrrp vrrp(config({100, 90}, false), kTimeZero);
  vrrp.cut(1, true, at(7.5));
  watch(vrrp, at(7.5));
  vrrp.cut(1, false, at(60.1));
  watch(vrrp, at(60.1));
  EXPECT_TRUE(vrrp.holds(0) && !vrrp.holds(1));
}

TEST(Vrrp, DoesNotSplitIfAdvertisementsAreLostForLessThanTheInterval) {
  Vrrp vrrp(config({100, 90}), kTimeZero);
  vrrp.cut(0, true, at(7.5));
  watch(vrrp, at(7.5), at(10));
  vrrp.cut(0, false, at(10.5));
  EXPECT_THAT(watch(vrrp, at(10.5)), IsEmpty());
}

TEST(Vrrp, ElectsOneOfTwoThatStayTogether) {
  Vrrp vrrp(config({100, 90, 80}), kTimeZero);
  vrrp.cut(0, true, at(7.5));
  EXPECT_THAT(watch(vrrp, at(7.5)), ElementsAre(takes(1, at(7) + vrrp.master_down_interval(1))));
  EXPECT_FALSE(vrrp.holds(2));
}

}  // namespace
}  // namespace lbsim
