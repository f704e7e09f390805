#include "scenario/fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/reader.hpp"

namespace lbsim::scenario {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Fault> faults_of(const std::string& text) {
  Document document = Document::parse("format = 1\n" + text, "site.toml");
  std::vector<Fault> faults;
  read_document(document, [&](Reader& r) { r.tables("fault", faults, {.help = "Faults."}); });
  document.throw_if_errors();
  return faults;
}

TEST(Fault, IsReadByItsKind) {
  const auto faults = faults_of(
      "[[fault]]\nat = \"12:00\"\nkind = \"crash\"\nnode = \"vip.1\"\nlasts = \"10min\"\n"
      "[[fault]]\nat = \"12:30\"\nkind = \"flash-crowd\"\nfactor = 3\n"
      "[[fault]]\nat = \"13:00\"\nkind = \"partition\"\nnodes = [\"vip.0\", \"vip.1\"]\n");
  ASSERT_EQ(faults.size(), 3U);
  EXPECT_EQ(faults[0].kind, FaultKind::crash);
  EXPECT_EQ(faults[0].at, seconds(12 * 3600));
  EXPECT_EQ(faults[0].lasts, seconds(600));
  EXPECT_THAT(faults[0].targets, ElementsAre("vip.1"));
  EXPECT_EQ(faults[0].location.field, "fault.0.node");
  EXPECT_EQ(faults[0].location.place.line, 5);
  EXPECT_EQ(faults[1].factor, 3);
  EXPECT_FALSE(faults[1].lasts);
  EXPECT_THAT(faults[2].targets, ElementsAre("vip.0", "vip.1"));
}

TEST(Fault, OfOneKindHasNoFieldsOfAnother) {
  try {
    faults_of("[[fault]]\nat = \"12:00\"\nkind = \"crash\"\nnode = \"vip\"\nfactor = 0.5\n");
    FAIL() << "a crash has no factor";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("site.toml:6:1: error: fault.0.factor: unknown field"));
  }
}

TEST(Fault, FieldsAreAllExplained) {
  const TableDescription all = describe([](Reader& r) {
    r.tables("fault",
             [](Reader& t) {
               Fault fault;
               read(t, fault);
             },
             {.help = "Faults."});
  });
  const TableDescription& fault = *all.fields.back().shapes.front().table;
  ASSERT_EQ(fault.kinds.size(), 10U);
  for (const KindDescription& kind : fault.kinds) {
    EXPECT_NE(kind.help, "") << kind.name;
    for (const FieldDescription& field : kind.table.fields) EXPECT_NE(field.help, "") << kind.name;
  }
}

}  // namespace
}  // namespace lbsim::scenario
