#include <gtest/gtest.h>

#include "recorded.hpp"

namespace lbsim::conform {
namespace {

using nlohmann::json;

const std::filesystem::path kTraces = kRecorded / "dns" / "traces";

json trace(const std::string& name) { return read_json(kTraces / (name + ".json")); }

class DnsTrace : public testing::TestWithParam<std::string> {};

TEST_P(DnsTrace, EveryRecordedAnswerIsGivenByTheModel) {
  const Replay replay = replay_dns(trace(GetParam()));
  EXPECT_GT(replay.total, 0u);
  EXPECT_EQ(replay.matched, replay.total) << testing::PrintToString(replay.details);
}

INSTANTIATE_TEST_SUITE_P(All, DnsTrace, testing::ValuesIn(trace_names(kTraces)),
                         [](const auto& parameter) { return parameter.param; });

TEST(DnsReplay, ThereAreSeventyEightTraces) { EXPECT_EQ(trace_names(kTraces).size(), 78u); }

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

TEST(DnsReplay, AMissingFieldAndOneOfTheWrongTypeAreNamed) {
  json without_balancer = trace("knot_rotation_2_5");
  without_balancer.erase("balancer");
  EXPECT_EQ(field_at_fault(replay_dns, without_balancer), "balancer");
  json number_for_text = trace("knot_rotation_2_5");
  number_for_text["events"][2]["answer"][0] = 5;
  EXPECT_EQ(field_at_fault(replay_dns, number_for_text), "events[2].answer[0]");
  json unknown = trace("knot_rotation_2_5");
  unknown["algorithm"] = "answer-rotatoin";
  EXPECT_EQ(field_at_fault(replay_dns, unknown), "algorithm");
}

}  // namespace
}  // namespace lbsim::conform
