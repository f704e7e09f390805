#include "theory/json_place.hpp"

#include <gtest/gtest.h>

namespace lbsim::theory {
namespace {

const std::string kText = R"({
  "about": "brackets in text: ]}, and a quote: \"",
  "entries": [
    {"id": "a", "sizes": [1, [2, 3]], "deep": {"er": true}},
    {"id": "b"}
  ]
})";

std::string at(const std::string& path) { return kText.substr(offset_of(kText, path), 5); }

TEST(JsonPlace, FindsTheValueAtAPath) {
  EXPECT_EQ(at("about"), "\"brac");
  EXPECT_EQ(at("entries[0].sizes[1][1]"), "3]], ");
  EXPECT_EQ(at("entries[0].deep.er"), "true}");
  EXPECT_EQ(at("entries[1].id"), "\"b\"}\n");
}

TEST(JsonPlace, OfWhatIsMissingIsWhereItIsMissingFrom) {
  EXPECT_EQ(at("entries[1].group"), "{\"id\"");
  EXPECT_EQ(at("entries[7].id"), "[\n   ");
  EXPECT_EQ(at("nothing"), "{\n  \"");
  EXPECT_EQ(at("about.more"), "\"brac");
}

TEST(JsonPlace, CountsLinesAndColumnsFromOne) {
  const TextPlace place = place_of(kText, offset_of(kText, "entries[0].sizes"));
  EXPECT_EQ(place.line, 4);
  EXPECT_EQ(place.column, 26);
  EXPECT_EQ(place_of("", 9).line, 1);
}

}  // namespace
}  // namespace lbsim::theory
