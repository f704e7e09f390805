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
  const std::filesystem::path folder = LBSIM_TEST_DATA "/conformance/dns/traces";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

json trace(const std::string& name) {
  std::ifstream file(LBSIM_TEST_DATA "/conformance/dns/traces/" + name + ".json");
  return json::parse(file);
}

class DnsTrace : public testing::TestWithParam<std::string> {};

TEST_P(DnsTrace, EveryRecordedAnswerIsGivenByTheModel) {
  const Replay replay = replay_dns(trace(GetParam()));
  EXPECT_GT(replay.total, 0u);
  EXPECT_EQ(replay.matched, replay.total) << testing::PrintToString(replay.details);
}

INSTANTIATE_TEST_SUITE_P(All, DnsTrace, testing::ValuesIn(trace_names()),
                         [](const auto& parameter) { return parameter.param; });

TEST(DnsReplay, ThereAreSeventyEightTraces) { EXPECT_EQ(trace_names().size(), 78u); }

// Each of these changes one recorded value, so exactly that answer must differ.
TEST(DnsReplay, AChangedOrderIsNamedWithTheEventAndTheStateBefore) {
  json changed = trace("bind_cyclic_2_3_5");
  std::swap(changed["events"][5]["answer"][0], changed["events"][5]["answer"][1]);
  const Replay replay = replay_dns(changed);
  EXPECT_EQ(replay.matched + 1, replay.total);
  ASSERT_EQ(replay.details.size(), 3u);
  EXPECT_TRUE(replay.details[0].starts_with("events[5] n2 A: expected [")) << replay.details[0];
  EXPECT_NE(replay.details[2].find("counter 5"), std::string::npos) << replay.details[2];
}

TEST(DnsReplay, AChangedTtlAnUpstreamQueryTooManyAndAWrongScopeDiffer) {
  json ttl = trace("unbound_ttl_countdown");
  ttl["events"][3]["ttl"] = 7;
  json upstream = trace("dnsmasq_ttl_reset");
  upstream["events"][3]["upstream"] = 1;
  json scope = trace("gdnsd_geoip_nets");
  scope["events"][5]["scope"] = 20;
  for (const json& changed : {ttl, upstream, scope}) {
    const Replay replay = replay_dns(changed);
    EXPECT_EQ(replay.matched + 1, replay.total);
  }
}

TEST(DnsReplay, ADistributionThatTheServerDoesNotHaveMatchesNothing) {
  json changed = trace("pdns_pickwrandom_1_3");
  changed["servers"][1]["weight"] = 1;
  const Replay replay = replay_dns(changed);
  EXPECT_EQ(replay.matched, 0u);
  EXPECT_FALSE(replay.details.empty());
}

std::string field_in_error(const json& trace) {
  try {
    replay_dns(trace);
  } catch (const InputError& error) {
    return error.diagnostics().at(0).field;
  }
  return "no error";
}

TEST(DnsReplay, AMissingFieldAndOneOfTheWrongTypeAreNamed) {
  json without_balancer = trace("knot_rotation_2_5");
  without_balancer.erase("balancer");
  EXPECT_EQ(field_in_error(without_balancer), "balancer");
  json number_for_text = trace("knot_rotation_2_5");
  number_for_text["events"][2]["answer"][0] = 5;
  EXPECT_EQ(field_in_error(number_for_text), "events[2].answer[0]");
  json unknown = trace("knot_rotation_2_5");
  unknown["algorithm"] = "answer-rotatoin";
  EXPECT_EQ(field_in_error(unknown), "algorithm");
}

}  // namespace
}  // namespace lbsim::conform
