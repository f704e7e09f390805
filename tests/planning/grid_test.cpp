// Knobs as they are written, and the points that they span.
#include "planning/grid.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.hpp"

namespace lbsim::planning {
namespace {

using ::testing::ElementsAre;
using Point = std::vector<std::string>;

TEST(Knob, TakesValuesBetweenCommasThatAreNotInQuotesOrBrackets) {
  const Knob knob = parse_knob(R"(a.b=1,"x,y",[1, 2],{ c = 1, d = 2 })", "--vary");
  EXPECT_EQ(knob.field, "a.b");
  EXPECT_THAT(knob.values, ElementsAre("1", "\"x,y\"", "[1, 2]", "{ c = 1, d = 2 }"));
}

TEST(Knob, NeedsAFieldAndDistinctValues) {
  for (const char* text : {"", "a", "=1", "a=", "a=1,,2", "a=1,2,1"}) {
    EXPECT_THROW(parse_knob(text, "--vary"), InputError) << text;
  }
  EXPECT_THROW(require_distinct({"a", "b", "a"}, "--vary"), InputError);
}

TEST(Grid, IsEveryCombinationAndTheLastKnobTurnsFastest) {
  EXPECT_THAT(grid_points({{"a", {"1", "2"}}, {"b", {"x", "y"}}}),
              ElementsAre(Point{"a=1", "b=x"}, Point{"a=1", "b=y"}, Point{"a=2", "b=x"},
                          Point{"a=2", "b=y"}));
  EXPECT_THAT(grid_points({}), ElementsAre(Point{}));
}

TEST(Range, IsOfWholeNumbersAndNotEmpty) {
  const IntegerKnob knob = parse_range("servers.groups.0.count=8..256", "--over");
  EXPECT_EQ(knob.field, "servers.groups.0.count");
  EXPECT_EQ(knob.low, 8);
  EXPECT_EQ(knob.high, 256);
  EXPECT_EQ(parse_range("a=3..3", "--over").high, 3);
  for (const char* text : {"a", "a=", "a=1", "a=1..", "a=..2", "a=1..x", "a=1.5..2", "a=-1..2",
                           "a=1..9999999", "a=5..4", "=1..2"}) {
    EXPECT_THROW(parse_range(text, "--over"), InputError) << text;
  }
}

}  // namespace
}  // namespace lbsim::planning
