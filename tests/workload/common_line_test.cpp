#include "workload/common_line.hpp"

#include <gtest/gtest.h>

#include "core/random.hpp"

namespace lbsim::workload {
namespace {

constexpr std::int64_t k1995July1Midnight = 804'556'800;  // date -u -d 1995-07-01 +%s

TEST(CommonLine, TakesACommonLineApart) {
  CommonLine line;
  ASSERT_EQ(match_common("in24.inetnebr.com - - [01/Jul/1995:00:00:01 -0400] "
                         "\"GET /shuttle/ HTTP/1.0\" 200 1839",
                         line),
            Grammar::kStrict);
  EXPECT_EQ(line.host, "in24.inetnebr.com");
  EXPECT_EQ(line.user, "-");
  EXPECT_EQ(line.request, "GET /shuttle/ HTTP/1.0");
  EXPECT_EQ(line.status, 200);
  EXPECT_EQ(line.bytes, 1839u);
  EXPECT_FALSE(line.combined);
  // -0400 is behind UTC: the UTC clock shows four hours more.
  EXPECT_EQ(line.time_s, k1995July1Midnight + 1 + 4 * 3600);
}

TEST(CommonLine, TakesACombinedLineWithAnIpv6ClientAndAUserWithSpacesApart) {
  CommonLine line;
  ASSERT_EQ(match_common("2001:db8::7 id John van Doe [01/Jul/1995:05:30:00 +0530] \"-\" 408 - "
                         "\"http://a/\" \"say \\\"hi\\\" \" 0.012 more",
                         line),
            Grammar::kStrict);
  EXPECT_EQ(line.host, "2001:db8::7");
  EXPECT_EQ(line.user, "John van Doe");
  EXPECT_EQ(line.bytes, std::nullopt);
  EXPECT_TRUE(line.combined);
  EXPECT_EQ(line.referer, "http://a/");
  EXPECT_EQ(line.agent, "say \\\"hi\\\" ");
  EXPECT_EQ(line.rest, " 0.012 more");
  EXPECT_EQ(line.time_s, k1995July1Midnight);
}

struct Case {
  const char* line;
  Grammar grammar;
};

TEST(CommonLine, KnowsStrictLenientAndInvalidLines) {
  const Case cases[] = {
      {"h - - [01/Jul/1995:00:00:01 -0400] \"\" 200 0", Grammar::kStrict},
      {"h -  [01/Jul/1995:00:00:01 -0400] \"\" 200 0", Grammar::kStrict},  // empty user
      {"h - [x] [01/Jul/1995:00:00:01 -0400] \"\" 200 0", Grammar::kStrict},
      {"h - - [01/Jul/1995:00:00:01 -0400] \"GET /a\"b HTTP/1.0\" 200 0", Grammar::kLenient},
      // The lenient request reaches to the last `" ddd bytes`.
      {"h - - [01/Jul/1995:00:00:01 -0400] \"a\" 200 1\" 404 2", Grammar::kLenient},
      {"h - - [01/Jul/1995:00:00:01 -0400] \"a\\\" 200 1", Grammar::kLenient},  // escaped end
      {"h - [01/Jul/1995:00:00:01 -0400] \"GET /\" 200 0", Grammar::kNone},     // no user
      {"h - - [01/jul/1995:00:00:01 -0400] \"GET /\" 200 0", Grammar::kNone},
      {"h - - [1/Jul/1995:00:00:01 -0400] \"GET /\" 200 0", Grammar::kNone},
      {"h - - [01/Jul/1995:00:00:01] \"GET /\" 200 0", Grammar::kNone},
      {"h - - [01/Jul/1995:00:00:01 -0400] \"GET /\" 20 0", Grammar::kNone},
      {"h - - [01/Jul/1995:00:00:01 -0400] \"GET /\" 200 12x", Grammar::kNone},
      {"h - - [01/Jul/1995:00:00:01 -0400] \"GET /\" 200 0 \"-\"", Grammar::kNone},
      {"h - - [01/Jul/1995:00:00:01 -0400] \"GET /\" 200 0 \"-\" \"cut off", Grammar::kNone},
      {"h - - [01/Jul/1995:00:00:01 -0400] \"GET /\" 200 0 ", Grammar::kNone},
      {" h - - [01/Jul/1995:00:00:01 -0400] \"GET /\" 200 0", Grammar::kNone},
      {"h\t- - [01/Jul/1995:00:00:01 -0400] \"GET /\" 200 0", Grammar::kNone},
      {"h\xa0"
       "a - - [01/Jul/1995:00:00:01 -0400] \"GET /\" 200 0",
       Grammar::kNone},  // NBSP
      {"h\xe4 - - [01/Jul/1995:00:00:01 -0400] \"GET /\xff\" 200 0", Grammar::kStrict},
      {"", Grammar::kNone},
  };
  CommonLine line;
  for (const Case& c : cases) EXPECT_EQ(match_common(c.line, line), c.grammar) << c.line;
}

std::optional<std::int64_t> time_of(const std::string& clock) {
  CommonLine line;
  EXPECT_NE(match_common("h - - [" + clock + "] \"GET /\" 200 0", line), Grammar::kNone) << clock;
  return line.time_s;
}

TEST(CommonLine, ReadsDatesInLeapYearsAndRollsImpossibleDaysOver) {
  EXPECT_EQ(time_of("01/Mar/2000:00:00:00 +0000"), time_of("30/Feb/2000:00:00:00 +0000"));
  EXPECT_EQ(time_of("01/Mar/1900:00:00:00 +0000"), time_of("29/Feb/1900:00:00:00 +0000"));
  EXPECT_EQ(time_of("01/Jan/2017:00:00:00 +0000"), time_of("31/Dec/2016:23:59:60 +0000"));
  EXPECT_EQ(time_of("01/Jan/1970:00:00:00 +0000"), 0);
  EXPECT_EQ(time_of("31/Dec/1969:23:59:59 +0000"), -1);
}

TEST(CommonLine, HasNoTimeIfThereIsNoSuchMonthOrYear) {
  EXPECT_EQ(time_of("01/Foo/2000:00:00:00 +0000"), std::nullopt);
  EXPECT_EQ(time_of("01/Jan/0000:00:00:00 +0000"), std::nullopt);
}

TEST(CommonLine, KeepsSizesBeyondSixtyFourBitsAtTheLargestNumber) {
  CommonLine line;
  match_common("h - - [01/Jul/1995:00:00:01 -0400] \"\" 200 99999999999999999999999", line);
  EXPECT_EQ(line.bytes, UINT64_MAX);
}

TEST(RequestLine, SplitsMethodTargetAndProtocol) {
  const auto parts = split_request("GET /a b HTTP/1.1");
  EXPECT_EQ(parts.method, "GET");
  EXPECT_EQ(parts.target, "/a b");
  EXPECT_EQ(parts.protocol, "HTTP/1.1");
  EXPECT_EQ(split_request("GET /old").target, "/old");
  EXPECT_EQ(split_request("GET HTTP/1.0").target, "");
  EXPECT_EQ(split_request("\\x16\\x03").target, "\\x16\\x03");
  EXPECT_EQ(split_request("get / x").method, "");
}

}  // namespace
}  // namespace lbsim::workload
