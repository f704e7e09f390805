#include "theory/verdict.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace lbsim::theory {
namespace {

Expected one(double value, Kind kind = Kind::exact, std::optional<double> tolerance = {}) {
  Expected e;
  e.quantity = "q";
  e.kind = kind;
  e.values = {value};
  e.tolerance = tolerance;
  return e;
}

Row judged_alone(const Expected& expected, Found answer) {
  Entry entry;
  entry.id = "e";
  entry.expected = {expected};
  Report report;
  judge(entry, {{"q", std::move(answer)}}, report);
  return report.rows.at(0);
}

bool passes(const Expected& expected, Found answer) {
  return judged_alone(expected, std::move(answer)).pass;
}

TEST(Verdict, ExactIsWithinABillionth) {
  EXPECT_TRUE(passes(one(1e6), found(1e6 + 0.9e-3)));
  EXPECT_FALSE(passes(one(1e6), found(1e6 + 1.1e-3)));
  EXPECT_TRUE(passes(one(0), found(0)));
  EXPECT_FALSE(passes(one(0), found(1e-300)));
}

TEST(Verdict, AToleranceIsAbsoluteOnBothSides) {
  for (const double away : {-0.5, 0.5}) {
    EXPECT_TRUE(passes(one(10, Kind::stat, 0.5), found(10 + away)));
    EXPECT_FALSE(passes(one(10, Kind::stat, 0.5), found(10 + 1.001 * away)));
  }
}

TEST(Verdict, AToleranceOfAMillionRequestsGrowsForFewer) {
  const Found answer{.values = {10.9}, .scale = 2};
  const Row row = judged_alone(one(10, Kind::stat, 0.5), answer);
  EXPECT_TRUE(row.pass);
  EXPECT_DOUBLE_EQ(row.tolerance, 1.0);
}

TEST(Verdict, ZIsInStandardErrorsOfTheRun) {
  Expected expected = one(10, Kind::stat, 0.5);
  EXPECT_FALSE(judged_alone(expected, found(10)).z);
  expected.standard_error = 0.1;
  EXPECT_DOUBLE_EQ(*judged_alone(expected, {.values = {10.4}, .scale = 2}).z, 2);
}

TEST(Verdict, OfAListEveryValueCounts) {
  Expected expected = one(1);
  expected.values = {1, 2, 3};
  EXPECT_TRUE(passes(expected, {.values = {1, 2, 3}}));
  EXPECT_FALSE(passes(expected, {.values = {1, 2.1, 3}}));
  EXPECT_FALSE(passes(expected, {.values = {1, 2}}));
  EXPECT_TRUE(passes(expected, {.values = {1, 2.1, 3}, .tolerances = {0.01, 0.2, 0.01}}));
}

TEST(Verdict, ABoundIsKeptByLess) {
  EXPECT_TRUE(passes(one(10), {.values = {3}, .at_most = true}));
  EXPECT_FALSE(passes(one(10), {.values = {11}, .at_most = true}));
}

TEST(Verdict, WhatIsNoNumberOrFailedInAnotherWayFails) {
  EXPECT_FALSE(passes(one(10, Kind::stat, 1e9), found(std::nan(""))));
  EXPECT_FALSE(passes(one(10), {.values = {10}, .failed = "the sum is too large"}));
}

TEST(Verdict, ATextMustBeTheSame) {
  Expected expected = one(0);
  expected.values.clear();
  expected.text = "aab";
  EXPECT_TRUE(passes(expected, {.text = "aab"}));
  EXPECT_FALSE(passes(expected, {.text = "aba"}));
}

TEST(Verdict, WithoutAnAnswerOrAReadingOfItsToleranceAQuantityIsNotExpressed) {
  Entry entry;
  entry.id = "e";
  entry.expected = {one(1), one(2)};
  entry.expected[0].quantity = "unheard of";
  entry.expected[1].tolerance_text = "roughly";
  Report report;
  judge(entry, {{"q", found(2)}}, report);
  ASSERT_EQ(report.not_expressed.size(), 2u);
  EXPECT_EQ(report.not_expressed[0].quantity, "unheard of");
  EXPECT_TRUE(report.rows.empty());
}

}  // namespace
}  // namespace lbsim::theory
