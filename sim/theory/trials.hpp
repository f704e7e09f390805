// Mean and spread of equal trials.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace lbsim::theory {

class Trials {
 public:
  void add(double value) {
    values_.push_back(value);
    sum_ += value;
  }
  double count() const { return static_cast<double>(values_.size()); }
  double mean() const { return values_.empty() ? 0 : sum_ / count(); }
  // Of one trial.
  double standard_deviation() const {
    double squares = 0;
    for (const double value : values_) squares += (value - mean()) * (value - mean());
    return count() > 1 ? std::sqrt(squares / (count() - 1)) : 0;
  }
  // Of the mean.
  double standard_error() const { return standard_deviation() / std::sqrt(count()); }
  // The lower one of two in the middle.
  double median() const {
    std::vector<double> sorted = values_;
    std::sort(sorted.begin(), sorted.end());
    return sorted.empty() ? 0 : sorted[(sorted.size() - 1) / 2];
  }
  double smallest() const { return *std::min_element(values_.begin(), values_.end()); }

 private:
  std::vector<double> values_;
  double sum_ = 0;
};

}  // namespace lbsim::theory
