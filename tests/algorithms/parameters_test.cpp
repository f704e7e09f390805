#include "algorithms/parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lbsim::algorithms {
namespace {

using ::testing::HasSubstr;

const std::vector<ParameterSpec> kKnown = {
    {"tries", "3", "0..10", ""}, {"sticky", "no", "yes | no", ""}, {"share", "0.5", "0..1", ""}};

TEST(Parameters, AreAsGivenElseTheDefaultsOfTheSpec) {
  const Parameters parameters({{"sticky", "On"}}, kKnown);
  EXPECT_EQ(parameters.integer("tries", 0, 10), 3);
  EXPECT_EQ(parameters.unsigned_integer("tries"), 3u);
  EXPECT_EQ(parameters.fraction("share"), 0.5);
  EXPECT_TRUE(parameters.flag("sticky"));
}

std::string mistake_of(const GivenParameters& given) {
  try {
    const Parameters parameters(given, kKnown);
    parameters.integer("tries", 0, 10);
    parameters.flag("sticky");
    parameters.fraction("share");
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

TEST(Parameters, NameAllThatAreUnknownWithWhatWasMeant) {
  const std::string text = mistake_of({{"tires", "1"}, {"stikcy", "no"}, {"colour", "red"}});
  EXPECT_THAT(text, HasSubstr("tires: no such parameter\n  hint: did you mean \"tries\"?"));
  EXPECT_THAT(text, HasSubstr("stikcy: no such parameter\n  hint: did you mean \"sticky\"?"));
  EXPECT_THAT(text, HasSubstr("colour: no such parameter"));
}

TEST(Parameters, RefuseWhatIsOutOfRangeOrNoNumber) {
  for (const char* tries : {"11", "-1", "3s", "", "1e1", "99999999999999999999"}) {
    EXPECT_THAT(mistake_of({{"tries", tries}}), HasSubstr("an integer from 0 to 10")) << tries;
  }
  for (const char* share : {"1.5", "-0.1", "nan", "half"}) {
    EXPECT_THAT(mistake_of({{"share", share}}), HasSubstr("a number from 0 to 1")) << share;
  }
  EXPECT_THAT(mistake_of({{"sticky", "perhaps"}}), HasSubstr("\"perhaps\" is neither yes nor no"));
  EXPECT_EQ(mistake_of({{"tries", "10"}, {"share", "1"}, {"sticky", "no"}}), "none");
}

TEST(Parameters, AlgorithmsOfEveryFamilyRefuseANameTheyDoNotKnow) {
  PoolConfig config;
  config.servers.resize(2);
  config.parameters["colour"] = "red";
  for (const AlgorithmSpec& spec : catalog()) {
    if (spec.make) EXPECT_THROW(spec.make(config), InputError) << spec.family << ' ' << spec.name;
  }
}

}  // namespace
}  // namespace lbsim::algorithms
