#include "theory/run.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace lbsim::theory {
namespace {

std::string published() {
  std::ostringstream text;
  text << std::ifstream(LBSIM_TEST_DATA "/validation/theory.json").rdbuf();
  return text.str();
}

// The entries of a few groups, quick ones.
Table quick_table() {
  Table table = parse_table("theory.json", published());
  std::erase_if(table.entries, [](const Entry& entry) {
    return entry.group != "M/M/c" && entry.group != "JSQ" && entry.group != "TCP slow start" &&
           entry.group != "HAProxy checker";
  });
  return table;
}

constexpr Effort kLittle{.requests = 2000, .warm_up = 500};

TEST(RunTable, FindsTheSameOnAnyNumberOfThreads) {
  const Table table = quick_table();
  const std::string one = report_json(run_table(table, kLittle, 1, {}).report);
  EXPECT_EQ(one, report_json(run_table(table, kLittle, 5, {}).report));
  EXPECT_NE(one, report_json(run_table(table, {.requests = 2001, .warm_up = 500}, 1, {}).report));
}

TEST(RunTable, AnEntrysNumbersDoNotDependOnTheOthers) {
  Table table = quick_table();
  const std::string all = report_json(run_table(table, kLittle, 2, {}).report);
  table.entries.erase(table.entries.begin(), table.entries.end() - 1);
  const std::string last = report_json(run_table(table, kLittle, 1, {}).report);
  const std::size_t begin = last.find("{\"id\"");
  EXPECT_NE(all.find(last.substr(begin, last.find('\n', begin) - begin)), std::string::npos);
}

TEST(RunTable, IsPartialIfItsWatchWantsNoMore) {
  const Table table = quick_table();
  const RunOutcome outcome =
      run_table(table, kLittle, 1,
                [](std::size_t done, std::size_t, const std::string&) { return done < 2; });
  EXPECT_TRUE(outcome.partial);
  EXPECT_EQ(outcome.report.entries, 2u);
}

TEST(RunTable, EveryGroupOfThePublishedTableHasItsLine) {
  for (const Entry& entry : parse_table("theory.json", published()).entries) {
    EXPECT_NE(find_group(entry.group), nullptr) << entry.group;
  }
}

TEST(ParseTable, NamesEveryMistakeWithItsPlace) {
  try {
    parse_table("t.json", "{\"entries\": [\n{\"id\": 1},\n{\"id\": \"a\"}]}");
    FAIL();
  } catch (const InputError& error) {
    ASSERT_EQ(error.diagnostics().size(), 2u);
    EXPECT_EQ(error.diagnostics()[0].line, 2);
    EXPECT_EQ(error.diagnostics()[1].line, 3);
  }
}

}  // namespace
}  // namespace lbsim::theory
