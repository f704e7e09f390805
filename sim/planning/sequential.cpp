#include "planning/sequential.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <iterator>

#include "core/check.hpp"
#include "core/math.hpp"

namespace lbsim::planning {
namespace {

constexpr double kShareOfLevel = 1.0 / 3;  // the rest is for what skewness is left

}  // namespace

SequentialTest::SequentialTest(std::size_t limits, double chance)
    : limits_(limits),
      level_(chance * kShareOfLevel / static_cast<double>(limits * std::size(kLooks))) {}

void SequentialTest::add(const std::vector<Excess>& excesses) {
  LBSIM_CHECK(excesses.size() == limits_);
  excesses_.push_back(excesses);
}

double SequentialTest::mean(std::size_t limit) const {
  double sum = 0;
  for (const auto& replication : excesses_) sum += replication[limit].excess;
  return sum / static_cast<double>(excesses_.size());
}

double SequentialTest::t_of_mean(std::size_t limit) const {
  const double center = mean(limit);
  double squares = 0;
  for (const auto& replication : excesses_) {
    squares += (replication[limit].excess - center) * (replication[limit].excess - center);
  }
  return t_of(center, squares);
}

double SequentialTest::t_of_cube_root(std::size_t limit) const {
  double bounds = 0;
  for (const auto& replication : excesses_) bounds += replication[limit].bound;
  const double bound = bounds / static_cast<double>(excesses_.size());
  if (bound <= 0) return t_of_mean(limit);
  const double part = 1 + mean(limit) / bound;  // of what is allowed
  double squares = 0;
  for (const auto& replication : excesses_) {
    const double off = replication[limit].excess + (1 - part) * replication[limit].bound;
    squares += off * off;
  }
  // Of sums that are counts, none at all is less than half of one.
  const double root = exact_exp(exact_log(std::max(part, 0.5 / bounds)) / 3);
  return t_of(3 * bound * root * root * (root - 1), squares);
}

double SequentialTest::t_of(double distance, double squares) const {
  const auto n = static_cast<double>(excesses_.size());
  constexpr double kBeyondAll = 1e9;  // nothing varies
  if (squares > 0) return distance / std::sqrt(squares / (n - 1) / n);
  return distance > 0 ? kBeyondAll : -kBeyondAll;
}

double SequentialTest::p_value(std::size_t limit, bool above) const {
  const double t = above ? t_of_mean(limit) : std::min(-t_of_mean(limit), -t_of_cube_root(limit));
  const boost::math::students_t law(static_cast<double>(excesses_.size() - 1));
  return boost::math::cdf(boost::math::complement(law, t));
}

Answer SequentialTest::look() const {
  if (excesses_.size() < 2) return Answer::unknown;
  bool all_below = true;
  for (std::size_t limit = 0; limit < limits_; ++limit) {
    if (p_value(limit, true) <= level_) return Answer::breaks;
    all_below = all_below && p_value(limit, false) <= level_;
  }
  return all_below ? Answer::holds : Answer::unknown;
}

}  // namespace lbsim::planning
