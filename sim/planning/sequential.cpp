#include "planning/sequential.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <iterator>

#include "core/check.hpp"

namespace lbsim::planning {

SequentialTest::SequentialTest(std::size_t limits, double chance)
    : limits_(limits), level_(chance / static_cast<double>(limits * std::size(kLooks))) {}

void SequentialTest::add(const std::vector<double>& excesses) {
  LBSIM_CHECK(excesses.size() == limits_);
  excesses_.push_back(excesses);
}

double SequentialTest::mean(std::size_t limit) const {
  double sum = 0;
  for (const auto& replication : excesses_) sum += replication[limit];
  return sum / static_cast<double>(excesses_.size());
}

double SequentialTest::p_value(std::size_t limit, bool above) const {
  const auto n = static_cast<double>(excesses_.size());
  const double center = mean(limit);
  double squares = 0;
  for (const auto& replication : excesses_) {
    squares += (replication[limit] - center) * (replication[limit] - center);
  }
  const double distance = above ? center : -center;
  // Nothing varies: no request in any replication is on the other side.
  if (squares == 0) return distance > 0 || (!above && distance == 0) ? 0 : 1;
  const double t = distance / std::sqrt(squares / (n - 1) / n);
  return boost::math::cdf(boost::math::complement(boost::math::students_t(n - 1), t));
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

bool SequentialTest::seems_to_hold() const {
  for (std::size_t limit = 0; limit < limits_; ++limit) {
    if (mean(limit) > 0) return false;
  }
  return true;
}

}  // namespace lbsim::planning
