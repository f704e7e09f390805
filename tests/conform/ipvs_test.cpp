#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "conform/replay.hpp"
#include "core/error.hpp"

namespace lbsim::conform {
namespace {

using nlohmann::json;

json read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return json::parse(file);
}

const std::string kTraces = LBSIM_TEST_DATA "/conformance/ipvs/traces";

std::string first_line(const Replay& replay) {
  std::string text = replay.id;
  for (const std::string& line : replay.details) text += "\n  " + line;
  return text;
}

TEST(IpvsTraces, EveryRecordedPickCounterOrderAndEntryIsReproduced) {
  int traces = 0;
  for (const auto& file : std::filesystem::directory_iterator(kTraces)) {
    const json document = read_file(file.path());
    for (const json& trace : document.at("traces")) {
      const Replay replay = replay_ipvs(trace);
      EXPECT_TRUE(replay.passed()) << first_line(replay);
      ++traces;
    }
  }
  EXPECT_EQ(traces, 175);
}

}  // namespace
}  // namespace lbsim::conform
