#include "workload/request_time.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "workload/log_arrivals.hpp"
#include "workload/log_profile.hpp"

namespace lbsim::workload {
namespace {

void expect_times(std::string_view rest, std::optional<double> total,
                  std::optional<double> server) {
  const RequestTimes times = request_times_of(rest);
  EXPECT_EQ(times.total_s.has_value(), total.has_value()) << rest;
  EXPECT_EQ(times.server_s.has_value(), server.has_value()) << rest;
  EXPECT_NEAR(times.total_s.value_or(0), total.value_or(0), 1e-9) << rest;
  EXPECT_NEAR(times.server_s.value_or(0), server.value_or(0), 1e-9) << rest;
}

TEST(RequestTime, IsReadInTheFormsThatPeopleLog) {
  expect_times(" 0.123", 0.123, {});
  expect_times(" 0.123 0.120", 0.123, 0.120);
  expect_times(R"( "0.123" "0.120")", 0.123, 0.120);
  expect_times(R"( "192.0.2.7" rt=0.123 uct="0.001" uht="0.110" urt="0.120")", 0.123, 0.120);
  expect_times(" request_time=12.000 upstream_response_time=0.500", 12, 0.5);
  expect_times(R"( rt=0.300 urt="0.100, 0.150")", 0.3, 0.25);  // two servers tried
  expect_times(R"( rt=0.004 urt="-")", 0.004, {});             // answered by nginx itself
}

TEST(RequestTime, OfOtherFieldsIsNone) {
  expect_times("", {}, {});
  expect_times(R"( "-" 443 1.1 TLSv1.3)", {}, {});
  expect_times(R"( "10.0.0.1" 1234 upstream=10.0.0.123:80)", {}, {});
  expect_times(R"( rt=abc "unclosed)", {}, {});
}

// Apache's LogFormat "... \"%{User-Agent}i\" %D" and its kin.
TEST(RequestTime, OfApacheIsANumberAtTheEndWhoseUnitTheWholeLogTells) {
  EXPECT_EQ(request_times_of(" 123456").number, 123456u);
  EXPECT_EQ(request_times_of(R"( "shop.example" "123456")").number, 123456u);
  expect_times(" 0/123456", 0.123456, {});  // %T/%D
  expect_times(" 2/2123456", 2.123456, {});
  expect_times(" 2/123456", {}, {});  // other things: not the same time twice
  for (const char* rest : {"", " 12 3456", " 443 -", " 0.123 3456", " rt=0.100 17", R"( "a 17")"}) {
    EXPECT_EQ(request_times_of(rest).number, std::nullopt) << rest;
  }
}

NumberUnit unit_of(const std::vector<std::uint64_t>& numbers, std::uint64_t bytes) {
  WholeNumbers all;
  for (const std::uint64_t number : numbers) all.add(number, bytes);
  return all.unit();
}

TEST(WholeNumbers, AreMicrosecondsOrNoTimes) {
  EXPECT_EQ(unit_of({180, 12000, 950, 3}, 5000), NumberUnit::us);
  EXPECT_EQ(unit_of({0, 0, 1, 0, 60}, 5000), NumberUnit::none) << "%T";
  EXPECT_EQ(unit_of({443, 443, 443}, 5000), NumberUnit::none) << "a port";
  EXPECT_EQ(unit_of({5310, 5298, 5000}, 5000), NumberUnit::none) << "%O";
  EXPECT_EQ(unit_of({}, 0), NumberUnit::none);
  WholeNumbers seconds;
  for (const int second : {0, 1, 0}) seconds.add(static_cast<std::uint64_t>(second), 9000);
  EXPECT_NE(seconds.why_none().find("--time-unit"), std::string::npos);
  EXPECT_EQ(WholeNumbers().why_none(), "");
}

TEST(RequestTime, OfHaproxyIsTheServersAndWhatFollowedTheRequest) {
  HaproxyLine line;
  const auto kind = match_haproxy(
      "x haproxy[1]: 192.0.2.7:1 [03/Nov/2015:06:25:25.105] in def/api 4599/0/1/428/5040 200 320 "
      R"(- - ---- 1/1/0/1/0 0/0 "GET / HTTP/1.1")",
      line);
  ASSERT_EQ(kind, HaproxyKind::kHttp);
  const RequestTimes times = request_times_of(line);
  EXPECT_NEAR(*times.server_s, 0.428, 1e-9);
  EXPECT_NEAR(*times.total_s, 0.441, 1e-9);
}

TEST(LogProfile, ZipfsExponentIsFound) {
  for (const double s : {0.7, 1.0, 1.6}) {
    std::vector<std::uint64_t> counts;
    for (int k = 1; k <= 500; ++k) {
      counts.push_back(static_cast<std::uint64_t>(1e6 * std::pow(k, -s)));
    }
    EXPECT_NEAR(zipf_exponent(counts), s, 0.002);
  }
  EXPECT_NEAR(zipf_exponent(std::vector<std::uint64_t>(100, 7)), 0, 1e-9);
  EXPECT_EQ(zipf_exponent({5}), 0);
}

// Poisson counts have 1, whatever the hours' rates; every count doubled has 2.
TEST(LogProfile, DispersionIsThatWithinHours) {
  Random random(1, "test/dispersion");
  std::vector<std::uint32_t> counts;
  std::vector<std::uint32_t> doubled;
  for (int m = 0; m < 24 * 60; ++m) {
    const double rate = m / 60 % 2 == 0 ? 20 : 100;
    std::uint32_t n = 0;
    for (double t = random.exponential(); t < rate; t += random.exponential()) ++n;
    counts.push_back(n);
    doubled.push_back(2 * n);
  }
  const double error = std::sqrt(2.0 / static_cast<double>(counts.size()));
  EXPECT_NEAR(dispersion_within_hours(counts), 1, 4 * error);
  EXPECT_NEAR(dispersion_within_hours(doubled), 2 * dispersion_within_hours(counts), 1e-9);
  EXPECT_EQ(dispersion_within_hours({1, 2, 3}), 1);
}

TEST(LogProfile, OfARealDayAddsUp) {
  const LogProfile p = profile_of(LBSIM_TEST_DATA "/workloads/nasa-http-1995-07-09/access.log.gz");
  EXPECT_EQ(p.requests, 35'272u);
  EXPECT_EQ(p.documents.requests + p.assets.requests, p.requests);
  EXPECT_EQ(p.clients, 2'554u);
  EXPECT_EQ(p.visits + p.gaps, p.documents.requests);
  double hours = 0;
  for (const double hour : p.requests_per_hour) hours += hour;
  EXPECT_NEAR(hours, 35'272, 5);  // a rate: the log's last second is not the day's
  std::uint64_t minutes = 0;
  for (const std::uint32_t count : p.requests_per_minute) minutes += count;
  EXPECT_EQ(minutes, p.requests);
  EXPECT_TRUE(is_page_target("/cgi-bin/imagemap/countdown?99,176"));
  EXPECT_FALSE(is_page_target("/images/NASA-logosmall.gif"));
}

}  // namespace
}  // namespace lbsim::workload
