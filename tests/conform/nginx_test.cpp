#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "conform/chi_square.hpp"
#include "recorded.hpp"

namespace lbsim::conform {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const std::filesystem::path kTraces = kRecorded / "nginx-haproxy" / "traces";
const std::filesystem::path kMixed = kRecorded / "nginx-mixed";

json load(const std::string& name) { return read_json(kTraces / (name + ".json")); }

void expect_agreement(const std::filesystem::path& folder, std::size_t count) {
  const std::vector<std::string> names = trace_names(folder, "nginx-");
  EXPECT_THAT(names, SizeIs(count));
  for (const std::string& name : names) {
    const Replay replay = replay_nginx(read_json(folder / (name + ".json")));
    EXPECT_GT(replay.total, 0u) << name;
    EXPECT_TRUE(replay.passed()) << name << testing::PrintToString(replay.details);
  }
}

TEST(NginxTraces, AllAgreePickByPick) { expect_agreement(kTraces, 52); }

// Held requests, refused connections, max_conns and backups at once, nginx 1.22.1.
TEST(NginxTraces, AgreeWhenFailuresMeetLimits) { expect_agreement(kMixed, 4); }

TEST(NginxTraces, ShowTheFirstWrongPickAndTheStateBeforeIt) {
  json trace = load("nginx-wrr-5-1-1");
  trace["events"][0]["picked"][3] = 2;
  const Replay replay = replay_nginx(trace);
  EXPECT_EQ(replay.matched, replay.total - 1);
  ASSERT_THAT(replay.details, SizeIs(5));
  EXPECT_EQ(replay.details[0], "events[0].picked[3]: expected [2], got [0]");
  // After 0, 0, 1: 3 * (5, 1, 1) - 7 * (2, 1, 0).
  EXPECT_EQ(replay.details[2], "  0: weight 5/5 current 1");
  EXPECT_EQ(replay.details[3], "  1: weight 1/1 current -4");
  EXPECT_EQ(replay.details[4], "  2: weight 1/1 current 3");
}

TEST(NginxTraces, CompareTheServersThatWereTriedToo) {
  json trace = load("nginx-fail-max0");
  trace["events"][2]["tried"][0] = json::array({2, 1});
  EXPECT_EQ(replay_nginx(trace).matched, replay_nginx(trace).total - 1);
}

TEST(NginxTraces, OfRandomMethodsWithoutASeedAreComparedByDistribution) {
  for (const std::string name : {"nginx-random-counts", "nginx-random-two-counts",
                                 "nginx-random-two-held", "nginx-mix-random-8079"}) {
    json trace = load(name);
    trace["params"].erase("random_seed");
    EXPECT_TRUE(replay_nginx(trace).passed()) << name;
  }
  json trace = load("nginx-random-counts");
  trace["params"].erase("random_seed");
  trace["events"][1]["counts"] = {9500, 6462, 2017, 2021};
  const Replay replay = replay_nginx(trace);
  EXPECT_EQ(replay.matched, 0u);
  EXPECT_EQ(replay.total, 20100u);
}

std::string mistake(const json& trace) {
  try {
    replay_nginx(trace);
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

TEST(NginxTraces, NameTheFieldThatIsWrong) {
  const json good = load("nginx-wrr-5-1-1");
  json bad = good;
  bad.erase("servers");
  EXPECT_EQ(mistake(bad), "error: servers: is missing");
  bad = good;
  bad["servers"][1]["weight"] = "5";
  EXPECT_EQ(mistake(bad), "error: servers[1].weight: must be a whole number");
  bad = good;
  bad["events"][0]["picked"][2] = 3;
  EXPECT_EQ(mistake(bad), "error: events[0].picked[2]: must be in 0..2");
  bad = good;
  bad["algorithm"] = "round_robbin";
  EXPECT_THAT(mistake(bad), HasSubstr("nginx has no method \"round_robbin\""));
  bad = good;
  bad["events"][0]["action"] = "dance";
  EXPECT_THAT(mistake(bad), HasSubstr("events[0].action: unknown action \"dance\""));
  EXPECT_EQ(mistake(json::array()), "error: must be an object");
}

// Q(k/2, x/2): tabulated 95 % and 99.9 % points of the chi-square distribution.
TEST(ChiSquare, HasTheTabulatedTails) {
  EXPECT_NEAR(chi_square_tail(3.841459, 1), 0.05, 1e-7);
  EXPECT_NEAR(chi_square_tail(18.307038, 10), 0.05, 1e-7);
  EXPECT_NEAR(chi_square_tail(29.588298, 10), 0.001, 1e-8);
  EXPECT_NEAR(chi_square_tail(0.5, 2), std::exp(-0.25), 1e-12);
  EXPECT_EQ(chi_square_tail(0, 3), 1.0);
}

}  // namespace
}  // namespace lbsim::conform
