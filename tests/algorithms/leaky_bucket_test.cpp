// nginx's limit_req to the millisecond, and limit_conn.
#include "algorithms/limits/leaky_bucket.hpp"

#include <gtest/gtest.h>

#include "algorithms/limits/open_requests.hpp"

namespace lbsim::algorithms::limits {
namespace {

Time at_ms(std::int64_t ms) { return kTimeZero + milliseconds(ms); }

// -1: rejected; else the delay in ms.
std::int64_t verdict(LeakyBuckets& buckets, std::int64_t ms, std::uint64_t key = 1) {
  const Verdict v = buckets.admit(key, at_ms(ms));
  return v.rejected ? -1 : v.delay / milliseconds(1);
}

TEST(LeakyBucket, WithoutBurstRejectsWhatComesTooEarly) {
  LeakyBuckets buckets({.rate = 10'000});  // 10r/s: one each 100 ms
  EXPECT_EQ(verdict(buckets, 0), 0);
  EXPECT_EQ(verdict(buckets, 99), -1);
  EXPECT_EQ(verdict(buckets, 100), 0);  // rejected ones leave no trace
  EXPECT_EQ(verdict(buckets, 199), -1);
  EXPECT_EQ(verdict(buckets, 200), 0);
}

TEST(LeakyBucket, DelaysABurstToTheRate) {
  LeakyBuckets buckets({.rate = 10'000, .burst = 3});
  EXPECT_EQ(verdict(buckets, 0), 0);
  EXPECT_EQ(verdict(buckets, 0), 100);
  EXPECT_EQ(verdict(buckets, 0), 200);
  EXPECT_EQ(verdict(buckets, 0), 300);
  EXPECT_EQ(verdict(buckets, 0), -1);
  EXPECT_EQ(verdict(buckets, 50), -1);  // half a request has leaked
  EXPECT_EQ(verdict(buckets, 100), 300);
}

TEST(LeakyBucket, NodelayLetsTheBurstGoAtOnceAndDelayAPartOfIt) {
  LeakyBuckets at_once({.rate = 10'000, .burst = 3, .nodelay = true});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(verdict(at_once, 0), 0);
  EXPECT_EQ(verdict(at_once, 0), -1);
  LeakyBuckets some({.rate = 10'000, .burst = 3, .delay = 2});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(verdict(some, 0), 0);
  EXPECT_EQ(verdict(some, 0), 100);
  EXPECT_EQ(verdict(some, 0), -1);
}

TEST(LeakyBucket, CountsKeysApartAndRatesByTheMinute) {
  LeakyBuckets buckets({.rate = 500});  // 30r/m
  EXPECT_EQ(verdict(buckets, 0, 1), 0);
  EXPECT_EQ(verdict(buckets, 0, 2), 0);
  EXPECT_EQ(verdict(buckets, 1999, 1), -1);
  EXPECT_EQ(verdict(buckets, 2000, 1), 0);
}

TEST(LeakyBucket, AskingTakesNothing) {
  LeakyBuckets buckets({.rate = 1000});
  buckets.take(1, at_ms(0));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(buckets.ask(1, at_ms(1000)).rejected);
}

TEST(OpenRequests, CountThoseOfAKeyUntilTheyLeave) {
  OpenRequests open(2);
  EXPECT_TRUE(open.enter(1));
  EXPECT_TRUE(open.enter(1));
  EXPECT_FALSE(open.enter(1));
  EXPECT_TRUE(open.enter(2));
  open.leave(1);
  EXPECT_TRUE(open.enter(1));
  EXPECT_EQ(open.open(1), 2u);
}

}  // namespace
}  // namespace lbsim::algorithms::limits
