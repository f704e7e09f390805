#include "scenario/units.hpp"

#include <gtest/gtest.h>

#include "core/random.hpp"

namespace lbsim::units {
namespace {

TEST(Duration, IsReadExactlyOnThePicosecondGrid) {
  EXPECT_EQ(parse_duration("1ps").value, picoseconds(1));
  EXPECT_EQ(parse_duration("0.1s").value, milliseconds(100));
  EXPECT_EQ(parse_duration("1.5 us").value, picoseconds(1'500'000));
  EXPECT_EQ(parse_duration("250ms").value, milliseconds(250));
  EXPECT_EQ(parse_duration("5m").value, seconds(300));
  EXPECT_EQ(parse_duration("5min").value, seconds(300));
  EXPECT_EQ(parse_duration("24h").value, parse_duration("1d").value);
}

TEST(Duration, IsRefusedWhereItWouldHaveToBeRoundedOrDoesNotFit) {
  EXPECT_EQ(parse_duration("0.5ps").message, "\"0.5ps\" is not a whole number of ps");
  EXPECT_EQ(parse_duration("107d").message, "\"107d\" is too large");  // 2^63 ps = 106.75 days
  EXPECT_TRUE(parse_duration("106d"));
  EXPECT_FALSE(parse_duration("1234567890123456789s"));
}

TEST(Duration, WithoutAUnitShowsTheRightSpelling) {
  const auto result = parse_duration("300");
  EXPECT_EQ(result.message, "\"300\" has no unit");
  EXPECT_EQ(result.hint, "write for example \"300s\"; units are ps, ns, us, ms, s, m, min, h, d");
}

TEST(Units, AreNotGuessed) {
  for (const char* text : {"", "s", ".5s", "5.s", "1..2s", "-5s", "+5s", "5S", "5 000ms", "1e3s"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  EXPECT_EQ(parse_size("20kb").hint, "did you mean \"20KB\"?");
  EXPECT_EQ(parse_bandwidth("10gbps").hint, "did you mean \"10Gbps\"?");
}

TEST(Size, IsDecimalOrBinaryByItsUnit) {
  EXPECT_EQ(parse_size("20KB").value, 20'000);
  EXPECT_EQ(parse_size("20KiB").value, 20'480);
  EXPECT_EQ(parse_size("1.5GB").value, 1'500'000'000);
  EXPECT_EQ(parse_size("0.5B").message, "\"0.5B\" is not a whole number of B");
}

TEST(Bandwidth, IsGivenInBitsAndKeptInBytes) {
  EXPECT_EQ(parse_bandwidth("10Gbps").value, 1.25e9);
  EXPECT_EQ(parse_bandwidth("0.8Kbps").value, 100.0);
}

TEST(Count, MayDoWithoutASuffix) {
  EXPECT_EQ(parse_count("1500").value, 1'500);
  EXPECT_EQ(parse_count("20K").value, 20'000);
  EXPECT_EQ(parse_count("1.2B").value, 1'200'000'000);
  EXPECT_EQ(parse_count("1.5").message, "\"1.5\" is not a whole number");
}

TEST(Rate, SaysPerWhatTime) {
  EXPECT_EQ(parse_rate("5000/s").value, 5000.0);
  EXPECT_EQ(parse_rate("90/min").value, 1.5);
  EXPECT_EQ(parse_rate("8.64M/d").value, 100.0);
  EXPECT_EQ(parse_rate("5000").message, "\"5000\" does not say per what time");
}

TEST(Percent, IsAFractionCorrectlyRounded) {
  EXPECT_EQ(parse_percent("0.1%").value, 0.001);
  EXPECT_EQ(parse_percent("7%").value, 0.07);
  EXPECT_EQ(parse_percent("7").hint, "write \"7%\"");
}

TEST(Clock, IsSinceMidnightAndEndsWithTheDay) {
  EXPECT_EQ(parse_clock("21:30:15").value, seconds(21 * 3600 + 30 * 60 + 15));
  EXPECT_EQ(parse_clock("24:00").value, seconds(86'400));
  for (const char* text : {"9:00", "24:01", "12:60", "12-00", "12:00:60", "12:00:0", "ab:cd"}) {
    EXPECT_FALSE(parse_clock(text)) << text;
  }
}

// parse(print(x)) = x for whatever can be printed.
TEST(Printing, ReadsBackToTheSameValue) {
  Random random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto n = static_cast<std::int64_t>(random.bits() >> (5 + random.below(58)));
    EXPECT_EQ(parse_duration(print_duration(Duration{n})).value, Duration{n});
    EXPECT_EQ(parse_size(print_size(n)).value, n);
    EXPECT_EQ(parse_count(print_count(n)).value, n);
    const double whole = static_cast<double>(n >> 10);
    EXPECT_EQ(parse_bandwidth(print_bandwidth(whole)).value, whole) << n;
    const double percent = static_cast<double>(random.below(10'001)) / 10'000;
    EXPECT_EQ(parse_percent(print_percent(percent)).value, percent);
    const Duration clock = seconds(static_cast<std::int64_t>(random.below(86'401)));
    EXPECT_EQ(parse_clock(print_clock(clock)).value, clock);
  }
}

TEST(Printing, ReadsAsAPersonWouldWriteIt) {
  EXPECT_EQ(print_duration(milliseconds(250)), "250ms");
  EXPECT_EQ(print_duration(seconds(3600)), "1h");
  EXPECT_EQ(print_duration(seconds(300)), "5min");
  EXPECT_EQ(print_size(65'536), "64KiB");
  EXPECT_EQ(print_bandwidth(1.25e9), "10Gbps");
  EXPECT_EQ(print_percent(0.07), "7%");
  EXPECT_EQ(print_rate(5000), "5000/s");
}

TEST(Flags, NameThemselvesInErrors) {
  try {
    parse_duration("5").or_throw("--duration");
    FAIL() << "5 has no unit";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "error: --duration: \"5\" has no unit\n  hint: write for example \"5s\"; units "
                 "are ps, ns, us, ms, s, m, min, h, d");
  }
}

}  // namespace
}  // namespace lbsim::units
