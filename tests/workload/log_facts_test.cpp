#include "workload/log_facts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/error.hpp"
#include "temporary_file.hpp"

namespace lbsim::workload {
namespace {

using ::testing::HasSubstr;

// Every field of `expected` is in `facts`, with an equal value; further fields are allowed.
void expect_within(const Json& expected, const Json& facts, const std::string& where) {
  if (!expected.is_object()) {
    EXPECT_EQ(expected, facts) << where;
    return;
  }
  for (const auto& [key, value] : expected.items()) {
    ASSERT_TRUE(facts.contains(key)) << where << "." << key;
    expect_within(value, facts[key], where + "." + key);
  }
}

class PublishedLogs : public ::testing::TestWithParam<const char*> {};

TEST_P(PublishedLogs, HaveTheFactsThatWereComputedIndependently) {
  const std::string folder = std::string(LBSIM_TEST_DATA "/workloads/") + GetParam() + "/";
  const Json expected = Json::parse(std::ifstream(folder + "FACTS.json"));
  ASSERT_FALSE(expected.empty());
  for (const auto& [file, values] : expected.items()) {
    // Through text and back: what is printed is what is compared.
    const Json facts = Json::parse(to_json(facts_of(folder + file)));
    Json fields = values;
    if (fields["kind"] == "sample") fields.erase("kind");  // a log like any other
    expect_within(fields, facts, file);
  }
}

INSTANTIATE_TEST_SUITE_P(All, PublishedLogs,
                         ::testing::Values("nasa-http-1995-07-09", "sask-http-1995-06",
                                           "semicomplete-2015-05", "haproxy-samples",
                                           "format-zoo-crowdsec", "wikibase-2025-09-27-60s",
                                           "app-cluster-2015-2018"));

std::string line_at(const std::string& clock, const std::string& client = "h") {
  return client + " - - [" + clock + " +0000] \"GET / HTTP/1.0\" 200 1\n";
}

TEST(LogFacts, CountBadDatesBlankLinesAndForeignBytes) {
  const TemporaryFile file(line_at("01/Jan/2020:00:00:00", "::1") + "\r\n" +
                           line_at("01/Foo/2020:00:00:00") + "\xff\n" +
                           line_at("01/Jan/2020:00:00:01", "\xc3\xa4"));
  const Json facts = facts_of(file.path()).values;
  EXPECT_EQ(facts["lines"], 5);
  EXPECT_EQ(facts["valid"], 2);
  EXPECT_EQ(facts["invalid_line_numbers_first_50"], Json({2, 3, 4}));
  EXPECT_EQ(facts["blank_lines"], 1);
  EXPECT_EQ(facts["non_ascii_lines"], 2);
  EXPECT_EQ(facts["non_utf8_lines"], 1);
  EXPECT_EQ(facts["clients"]["ipv6_literals"], 1);
}

TEST(LogFacts, TellDescentsFromLinesOutOfOrder) {
  // 10 5 7 9: all of the last three are earlier than 10, only the first of them than its neighbour.
  const TemporaryFile file(line_at("01/Jan/2020:00:00:10") + line_at("01/Jan/2020:00:00:05") +
                           line_at("01/Jan/2020:00:00:07") + line_at("01/Jan/2020:00:00:09"));
  const Json facts = facts_of(file.path()).values;
  EXPECT_EQ(facts["out_of_order"], 3);
  EXPECT_EQ(facts["descents"], 1);
  EXPECT_EQ(facts["max_backward_s"], 5);
}

TEST(LogFacts, OfASlidingMinuteHoldExactlySixtySeconds) {
  // Seconds 30 and 89 share a window [30, 90); 30 and 90 do not.
  const TemporaryFile near(line_at("01/Jan/2020:00:00:30") + line_at("01/Jan/2020:00:01:29"));
  const TemporaryFile far(line_at("01/Jan/2020:00:00:30") + line_at("01/Jan/2020:00:01:30"));
  EXPECT_EQ(facts_of(near.path()).values["rate"]["peak_60s_sliding"]["requests"], 2);
  EXPECT_EQ(facts_of(far.path()).values["rate"]["peak_60s_sliding"]["requests"], 1);
}

TEST(LogFacts, OfASeriesWithDatesCountItsGapsAsZero) {
  const TemporaryFile file(
      "period,count\n2020-01-01 00:00:00,5\n2020-01-01 00:01:00,7\n"
      "2020-01-01 00:04:00,6\n",
      ".csv");
  const Json facts = facts_of(file.path()).values;
  EXPECT_EQ(facts["step_s"], 60);
  EXPECT_EQ(facts["points"], 5);
  EXPECT_EQ(facts["points_given"], 3);
  EXPECT_EQ(facts["zero_points"], 2);
  EXPECT_EQ(facts["mean"], 3.6);
}

TEST(LogFacts, InWordsNameEveryUnit) {
  const std::string text = to_text(facts_of(LBSIM_TEST_DATA "/workloads/nasa-http-1995-07-09/"
                                                            "access.log.gz"));
  EXPECT_THAT(text, HasSubstr("35,272 lines"));
  EXPECT_THAT(text, HasSubstr("2,554 clients"));
  EXPECT_THAT(text, HasSubstr("754.2 MB"));
  EXPECT_THAT(text, HasSubstr("24.0 hours"));
  EXPECT_THAT(text, HasSubstr("8 requests at 1995-07-09T19:15:57Z"));
}

TEST(LogFacts, OfFilesWithoutAnyValidLineAreAnInputErrorWithAHint) {
  for (const char* bytes : {"", "nothing\nhere\n", "time,comment\nnow,later\n"}) {
    const TemporaryFile file(bytes);
    for (const LogFormat format :
         {LogFormat::kAuto, LogFormat::kCommon, LogFormat::kHaproxy, LogFormat::kSeries}) {
      EXPECT_THROW(facts_of(file.path(), format), InputError) << bytes;
    }
  }
  try {
    log_format_named("haprox");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'haproxy'"));
  }
}

TEST(JsonText, WritesDoublesShortestAndWithAPoint) {
  EXPECT_EQ(shortest_text(1.0), "1.0");
  EXPECT_EQ(shortest_text(0.1), "0.1");
  EXPECT_EQ(shortest_text(1e-5), "1e-05");
  EXPECT_EQ(shortest_text(123456789.0), "123456789.0");
  EXPECT_EQ(json_text(Json{{"a", {1, 2.5}}}), "{\n \"a\": [\n  1,\n  2.5\n ]\n}\n");
}

}  // namespace
}  // namespace lbsim::workload
