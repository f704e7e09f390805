#include "metrics/result_bytes.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "metrics/result_csv.hpp"

namespace lbsim {
namespace {

RunResult some_result() {
  RunResult result;
  result.scenario = "a site";
  result.sha256 = std::string(64, 'f');
  result.seed = ~0ull;
  result.simulated_s = 61.25;
  result.notes = {"first", ""};
  result.wall_s = 0.5;
  Recorder& recorder = result.recorder;
  NodeStats& node = recorder.add_node("servers.1", "servers", "server", 4, 1.25e9);
  node.request(kTimeZero + seconds(1), 0.1, 500, 20'000, 3);
  node.request(kTimeZero + seconds(61), 0.2, 400, 10'000, 7);
  recorder.add_pool({"proxies", "nginx round_robin", {"servers.1"}, {2.0}, {0}});
  for (int i = 1; i <= 3; ++i) {
    recorder.generated();
    recorder.pick(0, 0);
    recorder.ended(RequestOutcome::ok, kTimeZero, kTimeZero + milliseconds(7 * i));
  }
  recorder.event(kTimeZero + seconds(2), "crash", "servers.1");
  recorder.close();
  return result;
}

TEST(ResultBytes, AResultThatCameOverAsBytesPrintsTheSame) {
  const RunResult result = some_result();
  const RunResult copy = result_from_bytes(to_bytes(result));
  EXPECT_EQ(to_json(copy), to_json(result));
  EXPECT_EQ(nodes_csv(copy), nodes_csv(result));
  EXPECT_EQ(latency_csv(copy.recorder.latency()), latency_csv(result.recorder.latency()));
  EXPECT_EQ(copy.wall_s, 0.5);
  EXPECT_EQ(to_bytes(copy), to_bytes(result));
}

TEST(ResultBytes, BytesThatAreCutOffOrOfAnotherFormAreRefused) {
  const std::string bytes = to_bytes(some_result());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(result_from_bytes(bytes.substr(0, size)), InputError) << size;
  }
  EXPECT_THROW(result_from_bytes(bytes + "x"), InputError);
  std::string other = bytes;
  other[0] ^= 1;
  EXPECT_THROW(result_from_bytes(other), InputError);
}

}  // namespace
}  // namespace lbsim
