#include "workload/line_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "temporary_file.hpp"

namespace lbsim::workload {
namespace {

std::vector<std::string> lines_of(const std::string& path) {
  LineReader reader(path);
  std::vector<std::string> lines;
  std::string_view line;
  while (reader.next(line)) lines.emplace_back(line);
  return lines;
}

TEST(LineReader, EndsLinesWithLfDropsOneCrAndCountsALastLineWithoutLf) {
  const TemporaryFile file("a\r\n\r\n\nb\r\r\nlast");
  EXPECT_THAT(lines_of(file.path()), ::testing::ElementsAre("a", "", "", "b\r", "last"));
}

TEST(LineReader, FindsNoLineInAnEmptyFileAndNoneBehindTheLastLf) {
  EXPECT_TRUE(lines_of(TemporaryFile("").path()).empty());
  EXPECT_EQ(lines_of(TemporaryFile("a\n").path()).size(), 1u);
}

TEST(LineReader, JoinsLinesThatReachOverManyBlocks) {
  const std::string longest(1'000'003, 'x');
  const TemporaryFile file("a\n" + longest + "\nb");
  EXPECT_THAT(lines_of(file.path()), ::testing::ElementsAre("a", longest, "b"));
}

TEST(LineReader, ReadsGzipWithSeveralMembersAsOneText) {
  const TemporaryFile file(gzipped("a\nb") + gzipped("c\nd\n"), ".gz");
  EXPECT_THAT(lines_of(file.path()), ::testing::ElementsAre("a", "bc", "d"));
}

TEST(LineReader, RefusesATruncatedGzipFileAndSaysSo) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919LL % 10'007) + "\n";
  const std::string whole = gzipped(text);
  for (const std::size_t cut : {whole.size() - 1, whole.size() - 8, whole.size() / 2}) {
    const TemporaryFile file(whole.substr(0, cut), ".gz");
    try {
      lines_of(file.path());
      FAIL() << "read " << cut << " of " << whole.size() << " bytes without an error";
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr("truncated"));
      EXPECT_FALSE(error.diagnostics()[0].hint.empty());
    }
  }
}

TEST(LineReader, RefusesAMissingFileAndAFolder) {
  EXPECT_THROW(LineReader("/nowhere/at/all.log"), InputError);
  EXPECT_THROW(LineReader("/tmp"), InputError);
}

}  // namespace
}  // namespace lbsim::workload
