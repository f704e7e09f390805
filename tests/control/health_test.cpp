// When a checker notices, against what follows from the settings. A change falls at a random phase
// of the checks, so the wait for the next check is uniform in [0, interval).
#include "control/health.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"

namespace lbsim {
namespace {

constexpr int kPhases = 1000;

HealthCheckConfig keepalived(int delay_loop, int timeout, int retry, int delay_before_retry) {
  HealthCheckConfig c;
  c.interval = seconds(delay_loop);
  c.timeout = seconds(timeout);
  c.fall = retry + 1;
  c.rise = 1;
  c.retry_interval = seconds(delay_before_retry);
  c.from_end = true;
  return c;
}

HealthCheckConfig haproxy(int inter, int fall, int rise) {
  HealthCheckConfig c;
  c.interval = c.timeout = seconds(inter);
  c.fall = fall;
  c.rise = rise;
  return c;
}

// Seconds to the verdict after the target turned `reach` at 100 s, for checks at random phases.
std::vector<double> delays(const HealthCheckConfig& config, Reach reach) {
  Random random(1, "phases");
  std::vector<double> all;
  for (int i = 0; i < kPhases; ++i) {
    const double phase = random.uniform() * to_seconds(config.interval);
    CheckClock clock(config, kTimeZero + from_seconds(phase));
    const Time change = kTimeZero + seconds(100);
    const auto flip = clock.target_changed(reach, change);
    EXPECT_TRUE(flip && !flip->up);
    clock.flipped(flip->at);
    EXPECT_FALSE(clock.up());
    all.push_back(to_seconds(flip->at - change));
  }
  return all;
}

// All in [least, least + interval), and their mean within three standard errors of the middle: the
// standard deviation of a uniform phase is interval / sqrt(12).
void expect_uniform_from(double least_s, double interval_s, const std::vector<double>& delays_s) {
  double sum = 0;
  for (const double d : delays_s) {
    EXPECT_GE(d, least_s - 1e-9);
    EXPECT_LE(d, least_s + interval_s + 1e-9);
    sum += d;
  }
  const auto n = static_cast<double>(delays_s.size());
  EXPECT_NEAR(sum / n, least_s + interval_s / 2, 3 * interval_s / std::sqrt(12 * n));
}

TEST(CheckClock, RemovesASilentServerAsKeepalivedDoes) {
  // keepalived.conf(5): retry attempts after the first, each after connect_timeout,
  // delay_before_retry between them: retry * delay + (retry + 1) * timeout from the check that
  // found it dead.
  expect_uniform_from(2 * 1 + 3 * 3, 6, delays(keepalived(6, 3, 2, 1), Reach::silent));
  expect_uniform_from(3 * 4 + 4 * 5, 10, delays(keepalived(10, 5, 3, 4), Reach::silent));
}

TEST(CheckClock, RemovesARefusingServerAsKeepalivedDoes) {
  expect_uniform_from(2 * 1, 6, delays(keepalived(6, 3, 2, 1), Reach::refuses));
}

TEST(CheckClock, RemovesAServerAsHaproxyDoes) {
  // inter 2s fall 3: two whole intervals after the first failed check, which fails at once when
  // refused and after `timeout check` when silent.
  expect_uniform_from(4, 2, delays(haproxy(2, 3, 2), Reach::refuses));
  expect_uniform_from(6, 2, delays(haproxy(2, 3, 2), Reach::silent));
}

TEST(CheckClock, PutsAServerBackAfterRiseGoodChecks) {
  const HealthCheckConfig config = haproxy(2, 3, 4);
  Random random(2, "phases");
  std::vector<double> delays_s;
  for (int i = 0; i < kPhases; ++i) {
    CheckClock clock(config, kTimeZero + from_seconds(2 * random.uniform()));
    clock.flipped(clock.target_changed(Reach::refuses, kTimeZero + seconds(10))->at);
    const Time back = kTimeZero + seconds(100);
    const auto flip = clock.target_changed(Reach::answers, back);
    ASSERT_TRUE(flip && flip->up);
    clock.flipped(flip->at);
    EXPECT_TRUE(clock.up());
    delays_s.push_back(to_seconds(flip->at - back));
  }
  expect_uniform_from(3 * 2, 2, delays_s);
}

TEST(CheckClock, NeverNoticesATargetThatFlapsShorterThanDetection) {
  // Two refused checks need to follow the first: no absence of less than 4 s has three.
  CheckClock clock(haproxy(2, 3, 2), kTimeZero + milliseconds(300));
  Time now = kTimeZero + seconds(5);
  Random random(3, "flaps");
  for (int i = 0; i < kPhases; ++i) {
    const auto flip = clock.target_changed(Reach::refuses, now);
    ASSERT_TRUE(flip);
    now += from_seconds(3.99 * random.uniform());
    ASSERT_GT(flip->at, now);
    ASSERT_FALSE(clock.target_changed(Reach::answers, now));
    ASSERT_TRUE(clock.up());
    now += seconds(2) + from_seconds(random.uniform());  // at least one good check in between
  }
}

TEST(CheckClock, CountsFailuresOfTwoAbsencesTogetherIfNoGoodCheckLiesBetween) {
  CheckClock clock(haproxy(2, 3, 2), kTimeZero);  // checks at 0, 2, 4, ... s
  EXPECT_EQ(clock.target_changed(Reach::refuses, kTimeZero + seconds(9))->at,
            kTimeZero + seconds(14));
  EXPECT_TRUE(clock.target_changed(Reach::answers, kTimeZero + milliseconds(12'500)) ==
              std::nullopt);
  EXPECT_EQ(clock.target_changed(Reach::refuses, kTimeZero + milliseconds(13'500))->at,
            kTimeZero + seconds(14));
}

TEST(CheckClock, NeverPredictsThePastWhenATargetReturnsInTheMiddleOfACheck) {
  Random random(4, "returns");
  for (int i = 0; i < kPhases; ++i) {
    CheckClock clock(keepalived(6, 3, 2, 1), kTimeZero + from_seconds(6 * random.uniform()));
    clock.flipped(clock.target_changed(Reach::silent, kTimeZero + seconds(10))->at);
    const Time back = kTimeZero + from_seconds(100 + 6 * random.uniform());
    const auto flip = clock.target_changed(Reach::answers, back);
    ASSERT_TRUE(flip && flip->up);
    EXPECT_GE(flip->at, back);
    // rise 1: with the next check at the latest, which is an interval after the end of one in vain;
    // that one may have sent its last SYN just before, 3 s after the first.
    EXPECT_LE(flip->at, back + seconds(2 + 6));
    clock.flipped(flip->at);
    EXPECT_TRUE(clock.up());
  }
}

TEST(CheckClock, IsHeardByATargetThatReturnsWhenItsSynIsSentAgain) {
  // SYNs at 11, 12 and 14 s; the check fails at 16 s, and the next starts an interval after that.
  const auto back_at = [](std::int64_t returns_ms) {
    CheckClock clock(keepalived(6, 5, 0, 1), kTimeZero);
    clock.flipped(clock.target_changed(Reach::silent, kTimeZero + milliseconds(-1))->at);
    EXPECT_FALSE(clock.up());  // since 5 s
    return to_seconds(
        clock.target_changed(Reach::answers, kTimeZero + milliseconds(returns_ms))->at);
  };
  EXPECT_DOUBLE_EQ(back_at(10'500), 11);
  EXPECT_DOUBLE_EQ(back_at(11'500), 12);
  EXPECT_DOUBLE_EQ(back_at(12'500), 14);
  EXPECT_DOUBLE_EQ(back_at(14'500), 22);
  EXPECT_DOUBLE_EQ(back_at(17'000), 22);
}

TEST(CheckClock, IsTakenOutByACheckThatATargetCameBackTooLateFor) {
  CheckClock clock(keepalived(6, 2, 0, 1), kTimeZero);  // SYNs at 6 and 7 s, in vain at 8 s
  EXPECT_EQ(clock.target_changed(Reach::silent, kTimeZero + seconds(5))->at,
            kTimeZero + seconds(8));
  const auto flip = clock.target_changed(Reach::answers, kTimeZero + milliseconds(7500));
  ASSERT_TRUE(flip && !flip->up);
  EXPECT_EQ(flip->at, kTimeZero + seconds(8));
}

TEST(CheckClock, CountsKeepalivedsIntervalFromTheEndOfACheck) {
  CheckClock clock(keepalived(6, 5, 0, 1), kTimeZero);
  clock.flipped(clock.target_changed(Reach::silent, kTimeZero + milliseconds(-1))->at);
  // Down and silent: checks start at 11, 22, 33, ... s, far ahead too.
  const auto flip = clock.target_changed(Reach::answers, kTimeZero + seconds(11'000) - seconds(1));
  EXPECT_EQ(flip->at, kTimeZero + seconds(11'000));
}

}  // namespace
}  // namespace lbsim
