#include <gtest/gtest.h>

#include "recorded.hpp"

namespace lbsim::conform {
namespace {

using nlohmann::json;

const std::filesystem::path kTraces = kRecorded / "apache" / "traces";

json trace(const std::string& name) { return read_json(kTraces / (name + ".json")); }

class ApacheTrace : public testing::TestWithParam<std::string> {};

TEST_P(ApacheTrace, EveryRecordedSelectionIsMadeByTheModel) {
  const Replay replay = replay_apache(trace(GetParam()));
  EXPECT_GT(replay.total, 0u);
  EXPECT_EQ(replay.matched, replay.total) << testing::PrintToString(replay.details);
}

INSTANTIATE_TEST_SUITE_P(All, ApacheTrace, testing::ValuesIn(trace_names(kTraces)),
                         [](const auto& parameter) {
                           std::string name = parameter.param;
                           for (char& c : name) {
                             if (c == '-' || c == '.') c = '_';
                           }
                           return name;
                         });

TEST(ApacheReplay, ThereAreSeventyEightTraces) { EXPECT_EQ(trace_names(kTraces).size(), 78u); }

TEST(ApacheReplay, AChangedLbstatusValueOrFinalValueDiffers) {
  json selection = trace("byrequests_w_5-1-1");
  selection["events"][4]["selections"][0]["lbstatus"] = 12345;
  json value = trace("jk_Request_decay");
  value["events"][2]["value"] = 99;
  json last = trace("byrequests_w_5-1-1");
  last["final"]["s1"]["lbstatus"] = 12345;
  for (const json& changed : {selection, value, last}) {
    const Replay replay = replay_apache(changed);
    EXPECT_EQ(replay.matched + 1, replay.total);
    EXPECT_FALSE(replay.details.empty());
  }
}

TEST(ApacheReplay, AMissingFieldAndOneOfTheWrongTypeAreNamed) {
  json without_servers = trace("byrequests_w_1-1");
  without_servers.erase("servers");
  EXPECT_EQ(field_at_fault(replay_apache, without_servers), "servers");
  json text_for_number = trace("byrequests_w_1-1");
  text_for_number["servers"][0]["weight"] = "heavy";
  EXPECT_EQ(field_at_fault(replay_apache, text_for_number), "servers[0].weight");
  json without_picked = trace("jk_Next_1-1-1");
  without_picked["events"][1].erase("picked");
  EXPECT_EQ(field_at_fault(replay_apache, without_picked), "events[1].picked");
}

}  // namespace
}  // namespace lbsim::conform
