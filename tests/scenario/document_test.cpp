#include "scenario/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace lbsim::scenario {
namespace {

using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  Files() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) / "lbsim-document" / test->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "parts");
  }
  ~Files() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  Document load(const std::string& name) { return Document::load(folder_ / name); }
  std::string error_of(const std::string& name) {
    try {
      load(name);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  std::filesystem::path folder_;
};

Document parse(const std::string& text, const std::vector<std::string>& settings = {}) {
  return Document::parse("format = 1\n" + text, "site.toml", settings);
}

std::string error_of(const std::string& text, const std::vector<std::string>& settings) {
  try {
    parse(text, settings);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

const Value& at(const Document& document, const std::string& table, const std::string& key) {
  return document.root().find(table)->second.as<Table>()->find(key)->second;
}

TEST_F(Files, IncludedKeysHoldWhereTheIncludingFileSaysNothingAndLaterIncludesWin) {
  write("site.toml", "format = 1\ninclude = [\"parts/a.toml\", \"parts/b.toml\"]\n[t]\nz = 3\n");
  write("parts/a.toml", "[t]\nx = 1\ny = 1\nz = 1\nlist = [1, 2]\n");
  write("parts/b.toml", "[t]\ny = 2\nz = 2\nlist = [3]\n");
  EXPECT_EQ(load("site.toml").text(), "format = 1\nt.list.0 = 3\nt.x = 1\nt.y = 2\nt.z = 3\n");
}

TEST_F(Files, EveryValueKnowsTheFileThatItCameFrom) {
  write("site.toml", "format = 1\ninclude = [\"parts/a.toml\"]\n[t]\nz = 3\n");
  write("parts/a.toml", "include = [\"b.toml\"]\n[t]\n  x = 1\n");
  write("parts/b.toml", "[t]\n\ny = 2\n");
  const Document document = load("site.toml");
  EXPECT_EQ(at(document, "t", "x").place.file, (folder_ / "parts/a.toml").string());
  EXPECT_EQ(at(document, "t", "x").place.line, 3);
  EXPECT_EQ(at(document, "t", "x").place.column, 7);
  EXPECT_EQ(at(document, "t", "x").key.column, 3);
  EXPECT_EQ(at(document, "t", "y").place.file, (folder_ / "parts/b.toml").string());
  EXPECT_EQ(at(document, "t", "z").place.file, (folder_ / "site.toml").string());
}

TEST_F(Files, ATableOfBothFilesStandsWhereTheIncludingFileHasIt) {
  write("site.toml", "format = 1\ninclude = [\"parts/a.toml\"]\n[t]\nz = 3\n");
  write("parts/a.toml", "[t]\nx = 1\n");
  const Document document = load("site.toml");
  const Value& table = document.root().find("t")->second;
  EXPECT_EQ(table.place.file, (folder_ / "site.toml").string());
  EXPECT_EQ(table.place.line, 3);
}

TEST_F(Files, ACircleOfIncludesIsNamedWhereItCloses) {
  write("site.toml", "format = 1\ninclude = [\"parts/a.toml\"]\n");
  write("parts/a.toml", "x = 1\ninclude = [\"../site.toml\"]\n");
  EXPECT_THAT(error_of("site.toml"), HasSubstr("parts/a.toml:2:12: error: include: "));
  EXPECT_THAT(error_of("site.toml"), HasSubstr("includes itself"));
}

TEST_F(Files, TheSameFileMayBeIncludedTwiceBesideEachOther) {
  write("site.toml", "format = 1\ninclude = [\"parts/a.toml\", \"parts/a.toml\"]\n");
  write("parts/a.toml", "x = 1\n");
  EXPECT_EQ(load("site.toml").text(), "format = 1\nx = 1\n");
}

TEST_F(Files, IncludesGoOnlySoDeep) {
  write("site.toml", "format = 1\ninclude = [\"1.toml\"]\n");
  for (int i = 1; i < 40; ++i) {
    write(std::to_string(i) + ".toml", "include = [\"" + std::to_string(i + 1) + ".toml\"]\n");
  }
  EXPECT_THAT(error_of("site.toml"), HasSubstr("16.toml:1:12: error: include: too many includes"));
}

TEST_F(Files, SyntaxErrorsOfSeveralFilesAreReportedTogether) {
  write("site.toml", "format = 1\ninclude = [\"parts/a.toml\", \"parts/b.toml\", \"no.toml\"]\n");
  write("parts/a.toml", "x = = 1\n");
  write("parts/b.toml", "[t\n");
  try {
    load("site.toml");
    FAIL();
  } catch (const InputError& error) {
    ASSERT_EQ(error.diagnostics().size(), 3U);
    EXPECT_EQ(error.diagnostics()[0].line, 1);
    EXPECT_THAT(error.diagnostics()[0].file, HasSubstr("parts/a.toml"));
    EXPECT_THAT(error.diagnostics()[1].file, HasSubstr("parts/b.toml"));
    EXPECT_THAT(error.diagnostics()[2].message, HasSubstr("there is no file"));
  }
}

TEST(Settings, AreTomlOrABareText) {
  const Document document = parse(
      "[t]\nx = 1\n", {"t.x=20KB", "t.n=3", "t.r=0.5", "t.b=true", "t.s=\"a b\"", "t.l=[1, 2]",
                       "t.clock=12:00", "u.new={k = 1}", "t.eq=a=b", "t.empty="});
  EXPECT_EQ(document.text(),
            "format = 1\nt.b = true\nt.clock = \"12:00\"\nt.empty = \"\"\nt.eq = \"a=b\"\n"
            "t.l.0 = 1\nt.l.1 = 2\nt.n = 3\nt.r = 0.5\nt.s = \"a b\"\nt.x = \"20KB\"\n"
            "u.new.k = 1\n");
  EXPECT_EQ(at(document, "t", "x").place.file, "--set t.x");
  EXPECT_EQ(at(document, "t", "x").place.line, 0);
}

TEST(Settings, IndexListsAndAppendAtTheirEnd) {
  const std::string groups = "[[g]]\nn = 1\n[[g]]\nn = 2\n";
  EXPECT_EQ(parse(groups, {"g.1.n=5", "g.2.n=7"}).text(),
            "format = 1\ng.0.n = 1\ng.1.n = 5\ng.2.n = 7\n");
  EXPECT_THAT(error_of(groups, {"g.4.n=5"}), HasSubstr("--set g.4.n: error: g has 2 entries"));
  EXPECT_THAT(error_of(groups, {"g.x=5"}), HasSubstr("\"x\" is none of them"));
}

TEST(Settings, ThatCannotBeReadAreAllReported) {
  const std::string errors = error_of("x = 1\n", {"nothing", "=1", "a..b=1", "x.y=1", "l=[1,"});
  EXPECT_THAT(errors, HasSubstr("cannot read \"nothing\" as a setting"));
  EXPECT_THAT(errors, HasSubstr("cannot read \"=1\" as a setting"));
  EXPECT_THAT(errors, HasSubstr("cannot read \"a..b=1\" as a setting"));
  EXPECT_THAT(errors, HasSubstr("x is a whole number, so nothing can be set inside it"));
  EXPECT_THAT(errors, HasSubstr("cannot read the value [1,"));
}

TEST(EffectiveScenario, DependsOnWhatIsSaidAndNotOnHow) {
  const Document a = parse("[t]\nx = 1\ny.z = \"q\"\n");
  const Document b = parse("# comment\nt = { y = { z = 'q' }, x = 0 }\n", {"t.x=1"});
  const Document c = parse("[t]\nx = 2\ny.z = \"q\"\n");
  EXPECT_EQ(a.sha256(), b.sha256());
  EXPECT_NE(a.sha256(), c.sha256());
}

// printf 'format = 1\nx = "a"\n' | sha256sum
TEST(EffectiveScenario, HasTheSha256OfItsText) {
  const Document document = parse("x = \"a\"\n");
  EXPECT_EQ(document.text(), "format = 1\nx = \"a\"\n");
  EXPECT_EQ(document.sha256(), "0b4c9e919e33e2769532dfbbbfff62fc622eda8a2bd8f258b5407c8e6104599a");
}

TEST(EffectiveScenario, KeepsOddKeysApart) {
  EXPECT_NE(parse("\"a.b\" = 1\n").text(), parse("a.b = 1\n").text());
}

TEST(Parsing, SurvivesHostileNesting) {
  std::string key = "a";
  for (int i = 0; i < 200'000; ++i) key += ".a";
  EXPECT_THAT(error_of(key + " = 1\n", {}), HasSubstr("site.toml:2: error: a key has more than"));
  EXPECT_THAT(error_of("x = " + std::string(100'000, '[') + "\n", {}), HasSubstr("not valid TOML"));
}

}  // namespace
}  // namespace lbsim::scenario
