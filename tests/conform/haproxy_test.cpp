#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "conform/replay.hpp"
#include "core/error.hpp"

namespace lbsim::conform {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kData = fs::path(LBSIM_TEST_DATA) / "conformance";

json read(const fs::path& path) { return json::parse(std::ifstream(path)); }

json trace(const std::string& id) {
  return read(kData / "nginx-haproxy" / "traces" / (id + ".json"));
}

void expect_all_pass(const fs::path& folder, int at_least) {
  int traces = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.path().filename().string().starts_with("haproxy-")) continue;
    const Replay replay = replay_haproxy(read(entry.path()));
    ++traces;
    EXPECT_TRUE(replay.passed()) << replay.id << " " << replay.matched << "/" << replay.total
                                 << "\n"
                                 << testing::PrintToString(replay.details);
  }
  EXPECT_GE(traces, at_least);
}

// The picks of HAProxy are functions of its inputs, those of `random` too: nothing may differ.
TEST(HaproxyConformance, EveryRecordedPickIsMade) {
  expect_all_pass(kData / "nginx-haproxy" / "traces", 79);
  expect_all_pass(kData / "haproxy-edge", 8);
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

std::string field_at_fault(const json& trace) {
  try {
    replay_haproxy(trace);
  } catch (const InputError& error) {
    return error.diagnostics().front().field;
  }
  return "none";
}

TEST(HaproxyConformance, AFieldThatIsMissingOrOfTheWrongTypeIsNamed) {
  const json good = trace("haproxy-dynmaxconn");
  EXPECT_EQ(field_at_fault(good), "none");
  json bad = good;
  bad["events"][3].erase("id");
  EXPECT_EQ(field_at_fault(bad), "events[3].id");
  bad = good;
  bad["events"][0]["picked"] = 7;
  EXPECT_EQ(field_at_fault(bad), "events[0].picked");
  bad = good;
  bad["servers"][1]["maxconn"] = "four";
  EXPECT_EQ(field_at_fault(bad), "servers[1].maxconn");
  bad = good;
  bad["params"]["balance"] = "roundroubin";
  EXPECT_EQ(field_at_fault(bad), "params.balance");
  bad = good;
  bad["params"].erase("balance");
  EXPECT_EQ(field_at_fault(bad), "params.balance");
  bad = good;
  bad["events"] = 5;
  EXPECT_EQ(field_at_fault(bad), "events");
  bad = good;
  bad["events"][1]["id"] = 77;
  EXPECT_EQ(field_at_fault(bad), "events[1].id");
}

}  // namespace
}  // namespace lbsim::conform
