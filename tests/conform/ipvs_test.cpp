#include <gtest/gtest.h>

#include "recorded.hpp"

namespace lbsim::conform {
namespace {

using nlohmann::json;

const std::filesystem::path kTraces = kRecorded / "ipvs" / "traces";

TEST(IpvsTraces, EveryRecordedPickCounterOrderAndEntryIsReproduced) {
  int traces = 0;
  for (const std::string& name : trace_names(kTraces)) {
    const json document = read_json(kTraces / (name + ".json"));
    for (const json& trace : document.at("traces")) {
      const Replay replay = replay_ipvs(trace);
      EXPECT_TRUE(replay.passed()) << trace.at("id") << testing::PrintToString(replay.details);
      ++traces;
    }
  }
  EXPECT_EQ(traces, 175);
}

// The first trace that has an event with such a field.
json trace_with(const std::string& file, const std::string& field) {
  const json document = read_json(kTraces / file);
  for (const json& trace : document.at("traces")) {
    for (const json& event : trace.at("events")) {
      if (event.contains(field)) return trace;
    }
  }
  return {};
}

json& event_with(json& trace, const std::string& field) {
  for (json& event : trace.at("events")) {
    if (event.contains(field)) return event;
  }
  throw std::out_of_range(field);
}

std::uint64_t failed_items(const json& trace) {
  const Replay replay = replay_ipvs(trace);
  EXPECT_EQ(replay.details.empty(), replay.passed());
  return replay.total - replay.matched;
}

TEST(IpvsReplay, AWrongPickFailsAndTheDetailsSayWhereAndWhy) {
  json trace = trace_with("wlc.json", "picked");
  json& event = trace.at("events").at(0);
  event["picked"] = event.at("picked") == "s1" ? "s2" : "s1";
  const Replay replay = replay_ipvs(trace);
  EXPECT_EQ(replay.total - replay.matched, 1u);
  ASSERT_GE(replay.details.size(), 3u);
  EXPECT_TRUE(replay.details[0].starts_with("events[0].picked: expected " +
                                            event["picked"].get<std::string>() + ", got "));
  EXPECT_EQ(replay.details[1], "state before:");
  EXPECT_TRUE(replay.details[2].starts_with("  wlc")) << replay.details[2];
}

TEST(IpvsReplay, AWrongCounterFails) {
  json trace = trace_with("lc.json", "counts");
  event_with(trace, "counts").at("counts").at(0) = {7, 7};
  EXPECT_EQ(failed_items(trace), 1u);
}

TEST(IpvsReplay, AWrongListOrderFails) {
  json trace = trace_with("rr.json", "order");
  json& order = event_with(trace, "order").at("order");
  std::reverse(order.begin(), order.end());
  EXPECT_EQ(failed_items(trace), 1u);
}

TEST(IpvsReplay, AWrongEntryFails) {
  for (const json& wrong : {json("LISTEN"), json(nullptr)}) {
    json trace = trace_with("tcp.json", "entries");
    json& entries = event_with(trace, "entries").at("entries");
    if (wrong.is_null()) {
      entries.erase(0);
    } else {
      entries.at(0).at(3) = wrong;
    }
    EXPECT_EQ(failed_items(trace), 1u);
  }
}

TEST(IpvsReplay, AnEntryOfTheWrongAgeFails) {
  json trace = trace_with("tcp.json", "entries");
  json& left = event_with(trace, "entries").at("entries").at(0).at(4);
  left = left.get<int>() - 3;
  EXPECT_EQ(failed_items(trace), 1u);
}

TEST(IpvsReplay, WrongFinalCountsFail) {
  json trace = trace_with("sed.json", "counts");
  trace.at("final_counts").at(0) = {1000, 0};
  EXPECT_EQ(failed_items(trace), 1u);
}

TEST(IpvsReplay, InputErrorsNameTheField) {
  const json good = trace_with("wlc.json", "counts");
  const auto broken = [&](const std::string& pointer, const json& value) {
    json trace = good;
    trace[json::json_pointer(pointer)] = value;
    return field_at_fault(replay_ipvs, trace);
  };
  EXPECT_EQ(broken("/scheduler", "wlcc"), "scheduler");
  EXPECT_EQ(broken("/mode", "bridge"), "mode");
  EXPECT_EQ(broken("/vip", "10.9.0.256"), "vip");
  EXPECT_EQ(broken("/vip", "10.9.0"), "vip");
  EXPECT_EQ(broken("/servers/1/weight", "3"), "servers[1].weight");
  EXPECT_EQ(broken("/servers/1/weight", -1), "servers[1].weight");
  EXPECT_EQ(broken("/servers/1/name", "s1"), "servers[1].name");
  EXPECT_EQ(broken("/events/0/t", 1e5), "events[1].t");
  EXPECT_EQ(broken("/events/0/t", nullptr), "events[0].t");
  EXPECT_EQ(broken("/events/0/action", "opne"), "events[0].action");
  EXPECT_EQ(broken("/events/0/counts/0", {1}), "events[0].counts[0]");
  EXPECT_EQ(broken("/sysctl", {{"secure_tcp", 1}}), "sysctl.secure_tcp");
  json trace = good;
  trace.at("events").at(2).erase("picked");
  EXPECT_EQ(field_at_fault(replay_ipvs, trace), "events[2].picked");
  EXPECT_EQ(field_at_fault(replay_ipvs, json::array()), "");
}

}  // namespace
}  // namespace lbsim::conform
