#include "conform/dns_chi_square.hpp"

#include <cmath>
#include <numbers>
#include <set>

namespace lbsim::conform {
namespace {

double total(const Counts& counts) {
  std::uint64_t sum = 0;
  for (const auto& [outcome, count] : counts) sum += count;
  return static_cast<double>(sum);
}

double count_of(const Counts& counts, const std::string& outcome) {
  const auto found = counts.find(outcome);
  return found == counts.end() ? 0 : static_cast<double>(found->second);
}

}  // namespace

void ChiSquare::add(const Counts& a, const Counts& b) {
  std::set<std::string> outcomes;
  for (const auto& [outcome, count] : a) outcomes.insert(outcome);
  for (const auto& [outcome, count] : b) outcomes.insert(outcome);
  const double total_a = total(a);
  const double total_b = total(b);
  if (outcomes.empty() || total_a == 0 || total_b == 0) return;
  for (const std::string& outcome : outcomes) {
    const double seen_a = count_of(a, outcome);
    const double seen_b = count_of(b, outcome);
    const double expected_a = (seen_a + seen_b) * total_a / (total_a + total_b);
    const double expected_b = (seen_a + seen_b) * total_b / (total_a + total_b);
    statistic += (seen_a - expected_a) * (seen_a - expected_a) / expected_a;
    statistic += (seen_b - expected_b) * (seen_b - expected_b) / expected_b;
  }
  degrees += static_cast<unsigned>(outcomes.size() - 1);
}

// Q(a, x) of the incomplete gamma function for a = degrees / 2, x = statistic / 2, by
// Q(a + 1, x) = Q(a, x) + x^a e^-x / Gamma(a + 1) from a = 1/2 or 1 (Abramowitz and Stegun 6.5.22).
double ChiSquare::p() const {
  if (degrees == 0) return 1;
  const double x = statistic / 2;
  const bool odd = degrees % 2 == 1;
  double q = odd ? std::erfc(std::sqrt(x)) : std::exp(-x);
  double a = odd ? 0.5 : 1;
  double term = odd ? std::exp(-x) * std::sqrt(x / std::numbers::pi) * 2 : std::exp(-x) * x;
  while (2 * a < degrees) {
    q += term;
    a += 1;
    term *= x / a;
  }
  return q;
}

}  // namespace lbsim::conform
