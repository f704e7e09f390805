#include "metrics/result.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/check.hpp"
#include "core/error.hpp"
#include "core/json_writer.hpp"
#include "core/random.hpp"
#include "metrics/fairness.hpp"
#include "metrics/result_csv.hpp"

namespace lbsim {
namespace {

// Ten requests over three minutes: nine answered, one timed out.
RunResult small_result() {
  RunResult result;
  result.scenario = "a \"quoted\"\nname";
  result.simulated_s = 150;
  Recorder& r = result.recorder;
  NodeStats& node = r.add_node("servers.1", "servers", "server", 2, 1000);
  const auto pool = r.add_pool({"proxies", "nginx round_robin", {"servers.1"}, {1.0}, {}});
  for (int i = 0; i < 10; ++i) {
    const Time t = kTimeZero + seconds(15 * i);
    r.generated();
    r.attempt();
    r.pick(pool, 0);
    node.request(t);
    node.bytes(t, 100, 500);
    node.work(t, 3);
    node.queue(t, static_cast<std::uint32_t>(i));
    r.ended(i == 4 ? RequestOutcome::timeout : RequestOutcome::ok, t, t + milliseconds(i + 1));
  }
  r.close();
  r.event(kTimeZero + seconds(7), "stops", "servers.1");
  return result;
}

std::string text_of(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

TEST(Fairness, MatchesTheFormulasOnHandComputedPicks) {
  // x = picks / weight = 2, 4: jain (2+4)^2 / (2 * (4+16)), max 4/3 of the mean 3, deviation 1/3.
  const Fairness f = fairness_of({4, 4}, {2, 1});
  EXPECT_DOUBLE_EQ(f.jain, 36.0 / 40.0);
  EXPECT_DOUBLE_EQ(f.max_over_mean, 4.0 / 3.0);
  EXPECT_DOUBLE_EQ(f.cv, 1.0 / 3.0);
}

TEST(Fairness, IsPerfectInProportionToWeightsAndOneNthWhenOneServerGetsAll) {
  EXPECT_DOUBLE_EQ(fairness_of({100, 200, 300}, {1, 2, 3}).jain, 1);
  EXPECT_NEAR(fairness_of({100, 200, 300}, {1, 2, 3}).cv, 0, 1e-12);
  EXPECT_DOUBLE_EQ(fairness_of({900, 0, 0}, {1, 1, 1}).jain, 1.0 / 3);
  EXPECT_DOUBLE_EQ(fairness_of({900, 0, 0}, {1, 1, 1}).max_over_mean, 3);
}

TEST(Fairness, LeavesOutServersOfWeightZeroAndPoolsWithoutPicks) {
  EXPECT_DOUBLE_EQ(fairness_of({5, 7, 5}, {1, 0, 1}).jain, 1);
  EXPECT_DOUBLE_EQ(fairness_of({0, 0}, {1, 1}).jain, 1);
  EXPECT_DOUBLE_EQ(fairness_of({0, 0}, {1, 1}).cv, 0);
}

TEST(Conservation, HoldsForAResultThatAddsUp) {
  EXPECT_NO_THROW(check_conservation(small_result()));
}

TEST(Conservation, FailsWhenARequestHasNoOutcomeOrTwo) {
  RunResult lost = small_result();
  lost.recorder.generated();
  EXPECT_THROW(check_conservation(lost), Bug);
  RunResult twice = small_result();
  twice.recorder.ended(RequestOutcome::refused, kTimeZero, kTimeZero);
  EXPECT_THROW(check_conservation(twice), Bug);
}

TEST(Conservation, FailsWhenMorePagesCompleteThanStart) {
  RunResult result = small_result();
  result.recorder.page_complete();
  EXPECT_THROW(check_conservation(result), Bug);
}

TEST(Conservation, FailsWhenANodesMinutesDoNotAddUpToItsTotal) {
  for (int field = 0; field < 3; ++field) {
    RunResult result = small_result();
    auto& minute = const_cast<NodeStats&>(result.recorder.nodes().front()).minutes[1];
    ++(field == 0 ? minute.requests : field == 1 ? minute.bytes_in : minute.bytes_out);
    EXPECT_THROW(check_conservation(result), Bug) << field;
  }
}

TEST(Utilization, NamesTheBusiestResourceWithItsMeanAndItsBusiestMinute) {
  const RunResult result = small_result();
  const Utilization u = busiest_resource(result.recorder.nodes().front(), 150);
  // CPU: 3 s of work four times in each whole minute, on 2 cores; the card carries 2,000 B of
  // 60,000.
  EXPECT_EQ(u.of, "cpu");
  EXPECT_DOUBLE_EQ(u.mean, 30.0 / (2 * 150));
  EXPECT_DOUBLE_EQ(u.peak, 12.0 / (2 * 60));
  EXPECT_EQ(bottleneck_of(result).node, "servers.1");
  EXPECT_DOUBLE_EQ(error_share(result), 0.1);
}

// What was in flight at the end of a window of a minute is worked on in the next one.
TEST(Utilization, LeavesOutWhatIsDoneAfterTheWindow) {
  NodeStats node;
  node.work(kTimeZero + seconds(59), 30);
  node.work(kTimeZero + seconds(61), 5);
  node.close();
  EXPECT_DOUBLE_EQ(node.total.work_s, 35);
  EXPECT_DOUBLE_EQ(busiest_resource(node, 60).mean, 30.0 / 60);
  EXPECT_DOUBLE_EQ(busiest_resource(node, 60).peak, 30.0 / 60);
}

TEST(ResultJson, HoldsWhatTheRunFound) {
  const auto json = nlohmann::json::parse(to_json(small_result()));
  EXPECT_EQ(json["scenario"]["name"], "a \"quoted\"\nname");
  EXPECT_EQ(json["requests"]["generated"], 10);
  EXPECT_EQ(json["requests"]["ok"], 9);
  EXPECT_EQ(json["requests"]["failed"]["timeout"], 1);
  EXPECT_EQ(json["latency_ms"]["max"], 10);
  EXPECT_EQ(json["nodes"][0]["queue_max"], 9);
  EXPECT_EQ(json["pools"][0]["picks"][0]["picks"], 10);
  EXPECT_EQ(json["events"][0]["at_s"], 7);
}

TEST(JsonWriter, EscapesWhatJsonDoesNotAllowInStrings) {
  std::string all;
  for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
  JsonWriter json;
  json.begin_object().field("text", all).end_object();
  EXPECT_EQ(nlohmann::json::parse(json.text())["text"].get<std::string>(), all);
}

TEST(JsonWriter, WritesTheShortestNumberThatReadsBackTheSame) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(shortest(150), "150");
  EXPECT_EQ(shortest(1e300), "1e+300");
  Random random(1, "numbers");
  for (int i = 0; i < 1000; ++i) {
    const double x = std::ldexp(random.uniform(), static_cast<int>(random.below(200)) - 100);
    EXPECT_EQ(std::stod(shortest(x)), x);
  }
}

TEST(JsonWriter, WritesNullForWhatIsNoNumber) {
  JsonWriter json;
  json.begin_object().field("a", NAN).field("b", INFINITY).field("c", true).end_object();
  const auto read = nlohmann::json::parse(json.text());
  EXPECT_TRUE(read["a"].is_null());
  EXPECT_TRUE(read["b"].is_null());
  EXPECT_EQ(read["c"], true);
}

TEST(ResultCsv, HasARowForEachMinuteEventAndLatency) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("lbsim-csv-" + std::to_string(getpid()));
  require_csv_folder(folder.string());
  write_csv(small_result(), folder.string());
  EXPECT_EQ(text_of(folder / "events.csv"), "at_s,node,what\n7,servers.1,stops\n");
  std::istringstream nodes(text_of(folder / "nodes.csv"));
  std::string line;
  std::getline(nodes, line);
  EXPECT_EQ(line,
            "minute,node,tier,kind,requests,cpu_utilization,nic_in_utilization,"
            "nic_out_utilization,queue_max,connections_max,bytes_in,bytes_out");
  std::getline(nodes,
               line);  // 4 requests, 12 s of work on 2 cores, 400 B in, 2,000 B out of 60,000
  EXPECT_EQ(
      line,
      "0,servers.1,servers,server,4,0.1,0.006666666666666667,0.03333333333333333,3,0,400,2000");
  EXPECT_EQ(text_of(folder / "nodes.csv").find("\n2,servers.1"),
            text_of(folder / "nodes.csv").rfind("\n2,"));
  std::istringstream latency(text_of(folder / "latency.csv"));
  std::uint64_t requests = 0;
  std::getline(latency, line);
  while (std::getline(latency, line)) requests += std::stoull(line.substr(line.find(',') + 1));
  EXPECT_EQ(requests, 9u);
  std::filesystem::remove_all(folder);
}

TEST(ResultCsv, RefusesAFileForAFolderBeforeAnythingRuns) {
  EXPECT_THROW(require_csv_folder("/dev/null"), InputError);
  EXPECT_THROW(require_csv_folder("/no/such/folder"), InputError);
}

}  // namespace
}  // namespace lbsim
