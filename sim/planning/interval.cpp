#include "planning/interval.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace lbsim::planning {
namespace {

struct Moments {
  double mean = 0;
  double standard_error = 0;
};

// At least two values.
Moments moments_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  Moments m;
  m.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - m.mean) * (value - m.mean);
  m.standard_error = std::sqrt(squares / (n - 1) / n);
  return m;
}

double nine_digits(double number) {
  if (number == 0 || !std::isfinite(number)) return number;
  const double scale = std::pow(10.0, 8 - std::floor(std::log10(std::fabs(number))));
  return std::round(number * scale) / scale;
}

}  // namespace

double student_t_quantile(double p, double degrees) {
  return nine_digits(boost::math::quantile(boost::math::students_t(degrees), p));
}

double Interval::relative() const {
  if (half_width == 0) return 0;
  return estimate == 0 ? std::numeric_limits<double>::infinity() : half_width / std::fabs(estimate);
}

Interval mean_interval(const std::vector<double>& values) {
  if (values.empty()) return {};
  if (values.size() == 1) return {values.front()};
  const Moments m = moments_of(values);
  const auto degrees = static_cast<double>(values.size() - 1);
  return {m.mean, student_t_quantile(0.5 + kConfidence / 2, degrees) * m.standard_error};
}

double p_value_of_zero(const std::vector<double>& values) {
  if (values.size() < 2) return 1;
  const Moments m = moments_of(values);
  if (m.standard_error == 0) return m.mean == 0 ? 1 : 0;
  const boost::math::students_t law(static_cast<double>(values.size() - 1));
  const double t = std::fabs(m.mean) / m.standard_error;
  return nine_digits(2 * boost::math::cdf(boost::math::complement(law, t)));
}

std::vector<bool> holm_rejects(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<bool> rejects(p_values.size(), false);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto left = static_cast<double>(order.size() - i);
    if (p_values[order[i]] > (1 - kConfidence) / left) break;
    rejects[order[i]] = true;
  }
  return rejects;
}

}  // namespace lbsim::planning
