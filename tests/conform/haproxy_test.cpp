#include <gtest/gtest.h>

#include "recorded.hpp"

namespace lbsim::conform {
namespace {

using nlohmann::json;

json trace(const std::string& id) {
  return read_json(kRecorded / "nginx-haproxy" / "traces" / (id + ".json"));
}

void expect_all_pass(const std::filesystem::path& folder, std::size_t at_least) {
  const std::vector<std::string> names = trace_names(folder, "haproxy-");
  for (const std::string& name : names) {
    const Replay replay = replay_haproxy(read_json(folder / (name + ".json")));
    EXPECT_TRUE(replay.passed()) << name << " " << replay.matched << "/" << replay.total << "\n"
                                 << testing::PrintToString(replay.details);
  }
  EXPECT_GE(names.size(), at_least);
}

// The picks of HAProxy are functions of its inputs, those of `random` too: nothing may differ.
TEST(HaproxyConformance, EveryRecordedPickIsMade) {
  expect_all_pass(kRecorded / "nginx-haproxy" / "traces", 79);
  expect_all_pass(kRecorded / "haproxy-edge", 13);
}

TEST(HaproxyConformance, AWrongPickIsReportedWithItsEventAndThePoolBeforeIt) {
  json wrong = trace("haproxy-rr-equal-4");
  wrong["events"][0]["picked"][5] = 3;  // four equal servers: the sixth request is server 1's
  const Replay replay = replay_haproxy(wrong);
  EXPECT_FALSE(replay.passed());
  EXPECT_EQ(replay.matched, 5U);
  EXPECT_EQ(replay.total, 40U);
  ASSERT_FALSE(replay.details.empty());
  EXPECT_EQ(replay.details[0], "events[0].picked[5]: expected 3, got 1");
}

TEST(HaproxyConformance, AWrongStartFromAQueueOrAWrongCookieFailsToo) {
  json queue = trace("haproxy-queue-priority");
  for (json& event : queue["events"]) event.erase("started");
  EXPECT_FALSE(replay_haproxy(queue).passed());

  json cookie = trace("haproxy-cookie-insert");
  cookie["events"][0]["set_cookie"][0] = "SRV=c3; path=/";
  EXPECT_FALSE(replay_haproxy(cookie).passed());

  json counts = trace("haproxy-random1-counts");
  counts["events"][1]["counts"][0] = 1;
  EXPECT_FALSE(replay_haproxy(counts).passed());
}

TEST(HaproxyConformance, AFieldThatIsMissingOrOfTheWrongTypeIsNamed) {
  const json good = trace("haproxy-dynmaxconn");
  EXPECT_EQ(field_at_fault(replay_haproxy, good), "none");
  json bad = good;
  bad["events"][3].erase("id");
  EXPECT_EQ(field_at_fault(replay_haproxy, bad), "events[3].id");
  bad = good;
  bad["events"][0]["picked"] = 7;
  EXPECT_EQ(field_at_fault(replay_haproxy, bad), "events[0].picked");
  bad = good;
  bad["servers"][1]["maxconn"] = "four";
  EXPECT_EQ(field_at_fault(replay_haproxy, bad), "servers[1].maxconn");
  bad = good;
  bad["params"]["balance"] = "roundroubin";
  EXPECT_EQ(field_at_fault(replay_haproxy, bad), "params.balance");
  bad = good;
  bad["params"].erase("balance");
  EXPECT_EQ(field_at_fault(replay_haproxy, bad), "params.balance");
  bad = good;
  bad["events"] = 5;
  EXPECT_EQ(field_at_fault(replay_haproxy, bad), "events");
  bad = good;
  bad["events"][1]["id"] = 77;
  EXPECT_EQ(field_at_fault(replay_haproxy, bad), "events[1].id");
}

}  // namespace
}  // namespace lbsim::conform
