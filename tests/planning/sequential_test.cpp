// The sequential test is wrong no more often than it says, and the search finds the edge.
#include "planning/sequential.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "planning/search.hpp"

namespace lbsim::planning {
namespace {

struct Counts {
  int holds = 0;
  int breaks = 0;
  int unknown = 0;
  long replications = 0;
};

constexpr double kBound = 1000;  // so far off that the cube root changes nothing

// Normal excesses of standard deviation 1 about these means, one for each limit.
Counts answers(const std::vector<double>& means, double chance, int trials) {
  Random random(7, "excesses");
  Counts counts;
  for (int trial = 0; trial < trials; ++trial) {
    SequentialTest test(means.size(), chance);
    Answer answer = Answer::unknown;
    for (const int look : SequentialTest::kLooks) {
      while (test.replications() < static_cast<std::size_t>(look)) {
        std::vector<Excess> excesses;
        for (const double mean : means) excesses.push_back({mean + random.normal(), kBound});
        test.add(excesses);
      }
      answer = test.look();
      if (answer != Answer::unknown) break;
    }
    ++(answer == Answer::holds    ? counts.holds
       : answer == Answer::breaks ? counts.breaks
                                  : counts.unknown);
    counts.replications += static_cast<long>(test.replications());
  }
  return counts;
}

// At the edge itself each answer is wrong with at most `chance`; with a level shared out to two
// limits and three looks, at most chance of all trials, and binomial noise.
TEST(SequentialTest, IsWrongNoMoreOftenThanItSays) {
  constexpr int kTrials = 20000;
  constexpr double kChance = 0.05;
  const double most = kTrials * kChance + 4 * std::sqrt(kTrials * kChance);
  const Counts at_edge = answers({0, 0}, kChance, kTrials);
  EXPECT_LT(at_edge.holds, most);
  EXPECT_LT(at_edge.breaks, most);
  EXPECT_GT(at_edge.unknown, kTrials * 0.9);
  // One limit far below, the other exactly at its edge from above: `holds` would be wrong.
  EXPECT_LT(answers({-100, 1e-9}, kChance, kTrials).holds, most);
  EXPECT_GT(answers({-100, 1e-9}, kChance, kTrials).holds, 0) << "else the test never answers";
}

TEST(SequentialTest, AnswersClearCasesAfterFourAndCloseOnesLater) {
  const Counts clear = answers({-50, -50}, 0.01, 500);
  EXPECT_EQ(clear.holds, 500);
  EXPECT_EQ(clear.replications, 4 * 500);
  EXPECT_EQ(answers({-50, 50}, 0.01, 500).breaks, 500);
  const Counts close = answers({-2, -50}, 0.01, 500);
  EXPECT_GT(close.holds, 400);
  EXPECT_GT(close.replications, 6 * 500);
}

TEST(SequentialTest, TakesReplicationsThatDoNotVary) {
  SequentialTest never(1, 0.01);
  SequentialTest always(1, 0.01);
  SequentialTest edge(1, 0.01);
  for (int i = 0; i < 4; ++i) {
    never.add({{-3, 3}});
    always.add({{2, 3}});
    edge.add({{0, 0}});  // `max`: no request over the limit
  }
  EXPECT_EQ(never.look(), Answer::holds);
  EXPECT_EQ(always.look(), Answer::breaks);
  EXPECT_EQ(edge.look(), Answer::holds);
}

// How many requests there are varies more than what fails of them.
TEST(SequentialTest, IsNotKeptFromAnAnswerByTheNumberOfRequests) {
  Random random(9, "requests");
  SequentialTest none_fails(1, 0.001);
  SequentialTest few_fail(1, 0.001);
  for (int i = 0; i < 4; ++i) {
    const double allowed = 1000 + 50 * random.normal();
    none_fails.add({{-allowed, allowed}});
    few_fail.add({{(i == 2 ? 1 : 0) - allowed, allowed}});
  }
  EXPECT_EQ(none_fails.look(), Answer::holds);
  EXPECT_EQ(few_fail.look(), Answer::holds);
}

TEST(Search, FindsTheEdgeFromAnyGuessInFewTests) {
  for (long low : {0L, 3L}) {
    for (long edge = low; edge <= 42; ++edge) {
      for (long guess = low - 1; guess <= 42; ++guess) {
        int asked = 0;
        const auto found = least_that_holds(low, 40, guess, [&](long n) {
          EXPECT_TRUE(n >= low && n <= 40);
          ++asked;
          return n >= edge;
        });
        EXPECT_EQ(found, edge <= 40 ? std::optional<long>(edge) : std::nullopt);
        EXPECT_LE(asked, 12) << low << ' ' << edge << ' ' << guess;
        const bool near = std::labs(edge - guess) <= 1 && edge <= 40;
        EXPECT_TRUE(!near || asked <= 4) << low << ' ' << edge << ' ' << guess;
      }
    }
  }
}

// The edge is any staircase: limit[a] is the least b that holds with a, and falls with a.
TEST(Search, OfTwoKnobsFindsTheCheapestOfAnyStaircase) {
  constexpr long kMost = 9;
  Random random(3, "staircases");
  for (int trial = 0; trial < 3000; ++trial) {
    std::vector<long> limit;
    for (long a = 0; a <= kMost; ++a) {
      limit.push_back(static_cast<long>(random.below(kMost + 3)));
    }
    std::sort(limit.rbegin(), limit.rend());
    const double price_a = 1 + static_cast<double>(random.below(5));
    const double price_b = 1 + static_cast<double>(random.below(5));
    const auto holds = [&](long a, long b) { return b >= limit[static_cast<std::size_t>(a)]; };
    const auto cost = [&](long a, long b) {
      return price_a * static_cast<double>(a) + price_b * static_cast<double>(b);
    };
    double cheapest = 1e9;
    for (long a = 0; a <= kMost; ++a) {
      for (long b = 0; b <= kMost; ++b) {
        if (holds(a, b)) cheapest = std::min(cheapest, cost(a, b));
      }
    }
    const auto guess = [&] { return static_cast<long>(random.below(kMost + 1)); };
    const long guess_a = guess();
    const long guess_b = guess();
    const auto found = cheapest_that_holds({0, kMost, guess_a}, {0, kMost, guess_b}, holds, cost);
    ASSERT_EQ(found.has_value(), cheapest < 1e9);
    if (!found) continue;
    EXPECT_TRUE(holds((*found)[0], (*found)[1]));
    EXPECT_EQ(cost((*found)[0], (*found)[1]), cheapest) << "trial " << trial;
  }
}

}  // namespace
}  // namespace lbsim::planning
