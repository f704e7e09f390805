// Damaged logs: whatever the bytes, every line is either valid or invalid, and all readers agree.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/random.hpp"
#include "temporary_file.hpp"
#include "workload/access_log.hpp"
#include "workload/log_facts.hpp"

namespace lbsim::workload {
namespace {

const std::vector<std::string> kSeeds = {
    "192.0.2.7 - - [09/Jul/1995:00:00:01 -0400] \"GET /a HTTP/1.0\" 200 6245",
    "::1 - a b [29/Feb/2016:23:59:60 +1130] \"GET /\\\"x\" 304 - \"http://r/\" \"agent\" 7",
    "Feb 25 16:19:49 lb haproxy[7]: 192.0.2.9:53332 [25/Feb/2019:16:19:48.143] f b/s "
    "0/0/7/1457/1487 200 11394 - - ---- 2/1/0/0/0 0/0 {u} {} \"GET / HTTP/1.1\"",
    "haproxy[7]: 192.0.2.9:53332 [25/Feb/2019:16:19:48.143] f b/s 0/0/7 11 SC 2/1/0/0/0 0/0"};

const std::vector<std::string> kPieces = {"\"",
                                          "\\",
                                          " ",
                                          "[",
                                          "]",
                                          "-",
                                          "+",
                                          "/",
                                          ":",
                                          "\r",
                                          "\t",
                                          "\xa0",
                                          "\xff",
                                          "{",
                                          "}",
                                          "0",
                                          "\" 200 5",
                                          " \"x\" \"y\"",
                                          " [10/Oct/2000:13:55:36 -0700] \"",
                                          "haproxy[1]: ",
                                          "\n"};

std::string mutated(Random& random) {
  std::string line = kSeeds[random.below(kSeeds.size())];
  for (std::uint64_t changes = random.below(5); changes > 0; --changes) {
    const std::size_t at = random.below(line.size() + 1);
    const std::uint64_t kind = random.below(3);
    if (kind == 0) line.insert(at, kPieces[random.below(kPieces.size())]);
    if (kind == 1) line.erase(at, 1 + random.below(8));
    if (kind == 2 && at < line.size()) line[at] = static_cast<char>(random.below(256));
  }
  return line;
}

TEST(DamagedLogs, AreReadToTheEndWithEveryLineCountedOnce) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    // One sound line of each format, so that there is something to find.
    std::string text = kSeeds[0] + "\n" + kSeeds[2] + "\n";
    std::int64_t lines = 2;
    for (int i = 0; i < 500; ++i) text += mutated(random) + "\n";
    for (const char c : text.substr(kSeeds[0].size() + kSeeds[2].size() + 2)) lines += c == '\n';
    const TemporaryFile file(text);
    for (const LogFormat format : {LogFormat::kCommon, LogFormat::kHaproxy}) {
      AccessLog log(file.path(), format);
      std::int64_t valid = 0;
      for (AccessRecord record; log.next(record);) ++valid;
      EXPECT_EQ(log.lines(), lines);
      EXPECT_EQ(valid + log.invalid(), lines);
      EXPECT_GT(valid, 50);
      EXPECT_GT(log.invalid(), 50);
      const LogFacts all = facts_of(file.path(), format);
      const Json& facts = all.values;
      EXPECT_EQ(facts["lines"], lines);
      if (format == LogFormat::kCommon) {
        EXPECT_EQ(facts["valid"], valid);
        EXPECT_EQ(facts["invalid"], log.invalid());
      }
      EXPECT_FALSE(to_text(all).empty());
    }
  }
}

}  // namespace
}  // namespace lbsim::workload
