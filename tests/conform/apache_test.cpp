#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "conform/replay.hpp"
#include "core/error.hpp"

namespace lbsim::conform {
namespace {

using nlohmann::json;

std::vector<std::string> trace_names() {
  std::vector<std::string> names;
  const std::filesystem::path folder = LBSIM_TEST_DATA "/conformance/apache/traces";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

json trace(const std::string& name) {
  std::ifstream file(LBSIM_TEST_DATA "/conformance/apache/traces/" + name + ".json");
  return json::parse(file);
}

class ApacheTrace : public testing::TestWithParam<std::string> {};

TEST_P(ApacheTrace, EveryRecordedSelectionIsMadeByTheModel) {
  const Replay replay = replay_apache(trace(GetParam()));
  EXPECT_GT(replay.total, 0u);
  EXPECT_EQ(replay.matched, replay.total) << testing::PrintToString(replay.details);
}

INSTANTIATE_TEST_SUITE_P(All, ApacheTrace, testing::ValuesIn(trace_names()),
                         [](const auto& parameter) {
                           std::string name = parameter.param;
                           for (char& c : name) {
                             if (c == '-' || c == '.') c = '_';
                           }
                           return name;
                         });

TEST(ApacheReplay, ThereAreSeventyEightTraces) { EXPECT_EQ(trace_names().size(), 78u); }

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

std::string field_in_error(const json& trace) {
  try {
    replay_apache(trace);
  } catch (const InputError& error) {
    return error.diagnostics().at(0).field;
  }
  return "no error";
}

TEST(ApacheReplay, AMissingFieldAndOneOfTheWrongTypeAreNamed) {
  json without_servers = trace("byrequests_w_1-1");
  without_servers.erase("servers");
  EXPECT_EQ(field_in_error(without_servers), "servers");
  json text_for_number = trace("byrequests_w_1-1");
  text_for_number["servers"][0]["weight"] = "heavy";
  EXPECT_EQ(field_in_error(text_for_number), "servers[0].weight");
  json without_picked = trace("jk_Next_1-1-1");
  without_picked["events"][1].erase("picked");
  EXPECT_EQ(field_in_error(without_picked), "events[1].picked");
}

}  // namespace
}  // namespace lbsim::conform
