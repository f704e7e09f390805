// Replays of small recordings that are worked out by hand; tests/python/validate_test.py replays
// the real ones.
#include <gtest/gtest.h>

#include "validation/latencies.hpp"
#include "validation/ordered_picks.hpp"
#include "validation/site_replay.hpp"
#include "validation/verdict.hpp"

namespace lbsim::validation {
namespace {

RecordedRequest request(std::int64_t sent_us, std::int64_t service_us, std::int64_t server,
                        std::int64_t latency_us) {
  RecordedRequest made;
  made.sent_us = sent_us;
  made.service_us = service_us;
  made.server = server;
  made.status = 200;
  made.latency_us = latency_us;
  made.picked_us = 50;
  made.answered_us = latency_us - 50;
  return made;
}

// Equal servers of one slot each, 50 us on each of the four trips.
RecordedRun run_of(std::string algorithm, std::size_t servers,
                   std::vector<RecordedRequest> requests) {
  RecordedRun run;
  run.name = run.plan = "by hand";
  run.algorithm = std::move(algorithm);
  run.stamped = true;
  run.servers.resize(servers);
  run.requests = std::move(requests);
  run.overhead = {50, 50, 0};
  return run;
}

TEST(Replay, GivesTheLatenciesThatFollowFromSlotsAndTrips) {
  // Both go to the only server, whose one slot is taken until 10,100 us. A new connection to it
  // costs the first one two trips more; the second finds none idle either.
  const RecordedRun run =
      run_of("round_robin", 1, {request(0, 10'000, 0, 10'200), request(1000, 10'000, 0, 19'200)});
  const auto records = replay_site(run, {});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_NEAR(to_seconds(records[0].ended - records[0].asked), 0.0103, 1e-7);
  EXPECT_NEAR(to_seconds(records[1].ended - records[1].asked), 0.0193, 1e-7);
}

TEST(Replay, SendsRequestsWhereTheyWereRecordedToGo) {
  const RecordedRun run = run_of("round_robin", 3,
                                 {request(0, 100, 2, 300), request(1000, 100, 2, 300),
                                  request(2000, 100, 0, 300), request(3000, 100, 1, 300)});
  const auto records = replay_site(run, {true, {}, {}});
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(records[i].server, run.requests[i].server) << i;
  }
}

TEST(Replay, TriesWhatTheRecordedBalancerTried) {
  RecordedRun run = run_of("round_robin", 2, {request(0, 100, 0, 300), request(5000, 100, 0, 300)});
  run.faults = {{2000, 1, true}};
  run.requests[1].tried = {1, 0};
  const auto records = replay_site(run, {true, {}, {}});
  EXPECT_EQ(records[1].outcome, RequestOutcome::ok);
  EXPECT_EQ(records[1].server, 0u);
}

TEST(Replay, AFullBacklogIsAnsweredWith503) {
  RecordedRun run =
      run_of("round_robin", 1, {request(0, 10'000, 0, 10'200), request(1000, 10'000, 0, 200)});
  run.servers[0].backlog = 0;
  const auto records = replay_site(run, {});
  EXPECT_EQ(records[0].outcome, RequestOutcome::ok);
  EXPECT_EQ(records[1].outcome, RequestOutcome::server_error);
}

TEST(OrderedPicks, FollowFromTheOrderOfPicksAndEnds) {
  // The first is over when the third comes, the second is not: server 0 has fewer connections.
  RecordedRun run =
      run_of("least_conn", 2,
             {request(0, 500, 0, 700), request(10, 9000, 1, 9200), request(1000, 500, 0, 700)});
  OrderedPicks picks = replay_in_order(run);
  EXPECT_EQ(picks.equal.same, 3u);
  EXPECT_EQ(picks.equal.of, 3u);
  run.requests[2].server = 1;
  picks = replay_in_order(run);
  EXPECT_EQ(picks.equal.same, 2u);
  EXPECT_EQ(picks.equal.first_difference, 2u);
}

TEST(OrderedPicks, ArePicksBeforeTheFirstFault) {
  RecordedRun run =
      run_of("round_robin", 2,
             {request(0, 1, 0, 201), request(1000, 1, 1, 201), request(2000, 1, 1, 201)});
  run.faults = {{1500, 0, true}};
  EXPECT_EQ(replay_in_order(run).equal.of, 2u);
}

// Two servers of one slot are taken; two requests wait. Whose end is read first frees the slot that
// the first of them gets.
RecordedRun queue_run(std::int64_t second_end_us) {
  RecordedRun run = run_of("leastconn", 2,
                           {request(0, 900, 0, 1050), request(10, 900, 1, second_end_us + 40),
                            request(100, 900, 1, 2000), request(110, 900, 0, 2000)});
  run.haproxy = true;
  for (RecordedServer& server : run.servers) server.maxconn = 1;
  return run;
}

TEST(OrderedPicks, TwoSlotsFreedWithinTwoMicrosecondsMayBeFreedInEitherOrder) {
  const OrderedPicks near = replay_in_order(queue_run(1001));
  EXPECT_EQ(near.equal.same, 4u);
  EXPECT_EQ(near.swaps, 1u);
  const OrderedPicks apart = replay_in_order(queue_run(1011));
  EXPECT_EQ(apart.equal.same, 2u);
  EXPECT_EQ(apart.swaps, 0u);
}

TEST(OrderedPicks, WithoutStampsTwoRequestsSentTogetherMayBeReadInEitherOrder) {
  RecordedRun run = run_of("round_robin", 2, {request(0, 1, 1, 201), request(90, 1, 0, 201)});
  EXPECT_EQ(replay_in_order(run).equal.same, 0u);
  run.stamped = false;
  EXPECT_EQ(replay_in_order(run).equal.same, 2u);
  run.requests[1].sent_us = 101;
  EXPECT_EQ(replay_in_order(run).equal.same, 0u);
}

TEST(Latencies, PercentilesAreNearestRankOfRequestsWithStatus200) {
  RecordedRun run = run_of("round_robin", 1, {});
  for (int i = 1; i <= 100; ++i) run.requests.push_back(request(i, 1, 0, i));
  run.requests.push_back(request(101, 1, 0, 1'000'000));
  run.requests.back().status = 503;
  const Latencies latencies = recorded_latencies(run);
  EXPECT_EQ(latencies.count, 100u);
  EXPECT_EQ(latencies.us, (Quantities{50.5, 50, 90, 99}));
}

// Of 20 requests one after the other on one server, so that nothing depends on chance.
RecordedRun quiet_run(std::string algorithm) {
  std::vector<RecordedRequest> requests;
  for (int i = 0; i < 20; ++i) {
    const std::int64_t service_us = 1'000'000 + 1000 * i;
    requests.push_back(request(2'000'000 * i, service_us, 0, service_us + 200));
  }
  return run_of(std::move(algorithm), 1, std::move(requests));
}

TEST(Verdict, BlindMethodsAreHeldToHalfAPercentAndOthersToTheirSpread) {
  const auto verdicts = judge({quiet_run("round_robin"), quiet_run("least_conn")});
  EXPECT_TRUE(verdicts[0].pass());
  EXPECT_EQ(verdicts[0].free_run.tolerance_percent, (Quantities{0.5, 0.5, 0.5, 0.5}));
  EXPECT_TRUE(verdicts[1].pass());
  EXPECT_EQ(verdicts[1].free_run.tolerance_percent, (Quantities{1, 3, 4, 6}));
}

TEST(Verdict, RepetitionsOfAPlanMakeItsTolerance) {
  std::vector<RecordedRun> runs = {quiet_run("least_conn"), quiet_run("least_conn")};
  for (RecordedRun& run : runs) run.repeated = true;
  for (RecordedRequest& r : runs[1].requests) r.latency_us = r.latency_us * 102 / 100;
  const auto verdicts = judge(runs);
  for (const double percent : verdicts[0].free_run.tolerance_percent) {
    EXPECT_NEAR(percent, 2 / 1.01, 0.001);
  }
  // Against recorded latencies that are 2 % longer only the free run is near enough.
  EXPECT_FALSE(verdicts[1].on_recorded_picks.holds);
  EXPECT_TRUE(verdicts[1].free_run.holds);
}

TEST(Verdict, RequestsThatWereNotAnsweredCount) {
  RecordedRun run = quiet_run("round_robin");
  run.requests[7].status = 503;
  const auto verdicts = judge({run});
  EXPECT_FALSE(verdicts[0].free_run.holds);
  EXPECT_NE(verdict_text(verdicts).find("20 requests were answered with status 200, recorded 19"),
            std::string::npos);
}

}  // namespace
}  // namespace lbsim::validation
