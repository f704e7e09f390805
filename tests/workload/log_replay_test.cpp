#include "workload/log_replay.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/error.hpp"
#include "temporary_file.hpp"
#include "workload/log_facts.hpp"

namespace lbsim::workload {
namespace {

struct Request {
  Time time;
  std::uint32_t client;
  std::uint32_t address;
  std::string target;
  bool operator==(const Request&) const = default;
};

std::vector<Request> all_of(LogReplay& log) {
  std::vector<Request> requests;
  ReplayRequest r;
  while (log.next(r)) requests.push_back({r.time, r.client, r.address, std::string(r.target)});
  return requests;
}

std::vector<Request> replay(const std::string& path, const ReplayOptions& options = {}) {
  LogReplay log(path, options);
  return all_of(log);
}

std::string line_at(int second, const std::string& target, const std::string& client = "h") {
  return client + " - - [01/Jan/2020:00:" + std::to_string(10 + second / 60) + ":" +
         std::to_string(second % 60 / 10) + std::to_string(second % 10) + " +0000] \"GET /" +
         target + " HTTP/1.0\" 200 -\n";
}

const std::string kSemicomplete =
    LBSIM_TEST_DATA "/workloads/semicomplete-2015-05/access.log.gz";  // 9,447 lines out of order

TEST(LogReplay, GivesEveryValidRequestInOrderOfTimeAndWithinItsSecond) {
  std::map<std::int64_t, int> per_second;
  Time previous{};
  LogReplay log(kSemicomplete, {});
  const auto first_s = log.first_ms() / 1000;
  std::int64_t count = 0;
  for (ReplayRequest r; log.next(r); ++count) {
    ASSERT_GE(r.time, previous);
    previous = r.time;
    ++per_second[static_cast<std::int64_t>(to_seconds(r.time)) + first_s];
  }
  const Json rate = facts_of(kSemicomplete).values["rate"];
  EXPECT_EQ(count, rate["requests"]);
  EXPECT_EQ(per_second.size(), rate["seconds_with_requests"]);
  int peak = 0;
  for (const auto& [second, n] : per_second) peak = std::max(peak, n);
  EXPECT_EQ(peak, rate["peak_1s"]["requests"]);
  EXPECT_EQ(log.span(), seconds(rate["span_s"]));
}

TEST(LogReplay, IsTheSameWithAnIndexThatItSharesWithOthers) {
  const auto index = index_of_log(kSemicomplete);
  for (const std::uint64_t seed : {1u, 2u}) {
    ReplayOptions options;
    options.seed = seed;
    LogReplay sharing(kSemicomplete, index, options);
    EXPECT_EQ(all_of(sharing), replay(kSemicomplete, options));
  }
}

TEST(LogReplay, RefusesALogThatHasChangedSinceItWasIndexed) {
  const TemporaryFile before(line_at(0, "a", "h"));
  const TemporaryFile after(line_at(0, "a", "h") + line_at(1, "b", "another"));
  LogReplay log(after.path(), index_of_log(before.path()), {});
  ReplayRequest r;
  EXPECT_THROW(
      {
        while (log.next(r)) {
        }
      },
      InputError);
}

TEST(LogReplay, IsTheSameForLinesOfDifferentSecondsInAnyOrder) {
  const TemporaryFile sorted(line_at(0, "a") + line_at(3, "b") + line_at(3, "c") +
                             line_at(99, "d"));
  const TemporaryFile mixed(line_at(99, "d") + line_at(3, "b") + line_at(0, "a") + line_at(3, "c"));
  const auto requests = replay(sorted.path());
  EXPECT_EQ(requests, replay(mixed.path()));
  ASSERT_EQ(requests.size(), 4u);
  EXPECT_EQ(requests[1].target, "/b");  // within a second the lines keep their order
  EXPECT_EQ(requests[2].target, "/c");
}

TEST(LogReplay, SpreadsRequestsUniformlyOverTheirSecond) {
  // The mean of n uniform draws has standard deviation sqrt(1/12n): 5 of these for n = 9,999.
  double sum = 0;
  const auto requests = replay(kSemicomplete);
  for (const Request& r : requests) sum += to_seconds(r.time) - std::floor(to_seconds(r.time));
  const auto n = static_cast<double>(requests.size());
  EXPECT_NEAR(sum / n, 0.5, 5 * std::sqrt(1 / (12 * n)));
}

TEST(LogReplay, ChangesWithItsSeedAndWithNothingElse) {
  EXPECT_EQ(replay(kSemicomplete), replay(kSemicomplete));
  EXPECT_NE(replay(kSemicomplete), replay(kSemicomplete, {.seed = 2}));
}

TEST(LogReplay, ScalesTimeAndKeepsTheOrder) {
  const auto plain = replay(kSemicomplete);
  const auto slow = replay(kSemicomplete, {.time_scale = 3});
  ASSERT_EQ(plain.size(), slow.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    ASSERT_EQ(plain[i].target, slow[i].target);
    ASSERT_NEAR(3 * to_seconds(plain[i].time), to_seconds(slow[i].time), 1e-6);
  }
}

TEST(LogReplay, MultipliesTheRateByCopiesFromClientsOfTheirOwn) {
  const auto plain = replay(kSemicomplete);
  const auto tripled = replay(kSemicomplete, {.copies = 3});
  EXPECT_EQ(tripled.size(), 3 * plain.size());
  std::set<std::uint32_t> addresses;
  for (const Request& r : tripled) addresses.insert(r.address);
  EXPECT_EQ(addresses.size(), 3u * 1753);  // the log has 1,753 clients
  // Half a copy: binomial with n = 9,999 and p = 1/2, five standard deviations are 250.
  EXPECT_NEAR(static_cast<double>(replay(kSemicomplete, {.copies = 1.5}).size()), 14'998.5, 250);
}

TEST(LogReplay, KeepsIpv4AddressesAndGivesEveryOtherNameADistinctReservedOne) {
  std::string text = line_at(0, "a", "192.0.2.7") + line_at(0, "b", "192.0.2.07");
  for (int i = 0; i < 20'000; ++i) text += line_at(1, "c", "host" + std::to_string(i) + "::1");
  const TemporaryFile file(text);
  const auto requests = replay(file.path());
  EXPECT_EQ(requests[0].address, 0xc0000207u);
  std::set<std::uint32_t> addresses;
  for (const Request& r : requests) {
    addresses.insert(r.address);
    if (r.target != "/a") {
      ASSERT_EQ(r.address >> 28, 0xfu);
    }
  }
  EXPECT_EQ(addresses.size(), requests.size());
}

TEST(LogReplay, TakesHaproxyLogsToTheMillisecond) {
  const std::string path = LBSIM_TEST_DATA "/workloads/haproxy-samples/lnav-haproxy.log";
  LogReplay log(path, {});
  ReplayRequest first;
  ASSERT_TRUE(log.next(first));
  EXPECT_EQ(log.first_ms() % 1000, 143);  // 16:19:48.143
  EXPECT_LE(first.time, kTimeZero + milliseconds(1));
  EXPECT_EQ(log.requests_logged(), 13);
  EXPECT_EQ(log.invalid_lines(), 4);
}

TEST(LogReplay, RefusesLogsLongerThanSimulatedTimeAndSeries) {
  const TemporaryFile stray(line_at(0, "a") +
                            "h - - [01/Jan/2021:00:00:00 +0000] \"GET / HTTP/1.0\" 200 1\n");
  EXPECT_THROW(LogReplay(stray.path(), {}), InputError);
  EXPECT_EQ(replay(stray.path(), {.time_scale = 0.01}).size(), 2u);
  const TemporaryFile series("offset_s,requests\n0,2\n3,4\n", ".csv");
  EXPECT_THROW(LogReplay(series.path(), {}), InputError);
}

}  // namespace
}  // namespace lbsim::workload
