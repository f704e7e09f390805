// Rules of layer 7: each thing that they look at, what is no match, and which of two decides.
#include "algorithms/rules/rule_set.hpp"

#include <gtest/gtest.h>

namespace lbsim::algorithms::rules {
namespace {

Seen request() {
  return {"img.example.com",
          "/static/a.png",
          {{"User-Agent", "Mozilla/5.0 (Linux; Android 14) Mobile"},
           {"accept-language", "zh-CN,en;q=0.8"},
           {"Cookie", "theme=dark; level=vip"}},
          "office"};
}

TEST(Rules, WhatIsNotGivenHoldsOfEveryRequest) { EXPECT_TRUE(holds({}, request())); }

TEST(Rules, HostsAreComparedInAnyCaseAndBelowADomain) {
  EXPECT_TRUE(holds({.host = "IMG.example.com"}, request()));
  EXPECT_TRUE(holds({.host = "*.example.com"}, request()));
  EXPECT_FALSE(holds({.host = "example.com"}, request()));
  EXPECT_FALSE(holds({.host = "*.img.example.com"}, request()));
}

TEST(Rules, PathsArePrefixesInTheirCase) {
  EXPECT_TRUE(holds({.path = "/static/"}, request()));
  EXPECT_FALSE(holds({.path = "/Static/"}, request()));
  EXPECT_FALSE(holds({.path = "/static/b"}, request()));
}

TEST(Rules, HeadersCookiesBrowsersAndLanguages) {
  EXPECT_TRUE(holds({.header = "user-agent"}, request()));
  EXPECT_TRUE(holds({.header = "User-Agent", .value = "Android"}, request()));
  EXPECT_FALSE(holds({.header = "User-Agent", .value = "Windows"}, request()));
  EXPECT_FALSE(holds({.header = "X-Forwarded-For"}, request()));
  EXPECT_TRUE(holds({.cookie = "level=vip"}, request()));
  EXPECT_TRUE(holds({.cookie = "level"}, request()));
  EXPECT_FALSE(holds({.cookie = "level=vi"}, request()));
  EXPECT_FALSE(holds({.cookie = "vip"}, request()));
  EXPECT_TRUE(holds({.browser = "mobile"}, request()));
  EXPECT_FALSE(holds({.browser = "robot"}, request()));
  EXPECT_TRUE(holds({.language = "zh"}, request()));
  EXPECT_FALSE(holds({.language = "en"}, request()));  // only second choice
  EXPECT_FALSE(holds({.language = "z"}, request()));
}

TEST(Rules, NetworksAreAnyOfThoseGiven) {
  EXPECT_TRUE(holds({.networks = {"home", "office"}}, request()));
  EXPECT_FALSE(holds({.networks = {"home"}}, request()));
}

TEST(Rules, AllThatIsGivenMustHold) {
  EXPECT_FALSE(holds({.path = "/static/", .cookie = "level=guest"}, request()));
}

TEST(Rules, HaproxyTakesTheFirstAndNginxTheLongestPath) {
  const std::vector<Condition> rules = {{.path = "/"}, {.path = "/static/"}, {.path = "/static/"}};
  EXPECT_EQ(RuleSet(rules, Precedence::first).find(request()), 0u);
  EXPECT_EQ(RuleSet(rules, Precedence::longest_path).find(request()), 1u);
  EXPECT_EQ(RuleSet({{.path = "/x"}}, Precedence::first).find(request()), kNoRule);
}

}  // namespace
}  // namespace lbsim::algorithms::rules
