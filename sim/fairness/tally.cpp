#include "fairness/tally.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "metrics/fairness.hpp"

namespace lbsim::fairness {

Tally::Tally(std::vector<double> weights)
    : weights_(std::move(weights)),
      total_weight_(std::accumulate(weights_.begin(), weights_.end(), 0.0)),
      picks_(weights_.size()),
      gaps_(weights_.size()) {}

std::uint64_t Tally::served() const {
  return std::accumulate(picks_.begin(), picks_.end(), std::uint64_t{0});
}

double Tally::unserved() const {
  return asked_ == 0 ? 0 : static_cast<double>(asked_ - served()) / static_cast<double>(asked_);
}

std::vector<double> Tally::shares() const {
  const auto all = static_cast<double>(served());
  std::vector<double> shares;
  for (const std::uint64_t picks : picks_) {
    shares.push_back(all == 0 ? 0 : static_cast<double>(picks) / all);
  }
  return shares;
}

double Tally::relative_share(algorithms::ServerId server) const {
  const auto all = static_cast<double>(served());
  if (all == 0) return 0;
  return static_cast<double>(picks_[server]) / all / (weights_[server] / total_weight_);
}

double Tally::share_error() const {
  const std::vector<double> got = shares();
  double sum = 0;
  for (std::size_t i = 0; i < got.size(); ++i)
    sum += std::fabs(got[i] - weights_[i] / total_weight_);
  return sum / 2;
}

double Tally::jain() const { return fairness_of(picks_, weights_).jain; }
double Tally::max_over_mean() const { return fairness_of(picks_, weights_).max_over_mean; }
double Tally::longest_run() const { return static_cast<double>(longest_run_); }

double Tally::burstiness() const {
  double count = 0;
  double squares = 0;  // of the gaps, as multiples of their server's mean
  for (const Gaps& gaps : gaps_) {
    if (gaps.count < 2) continue;
    const auto n = static_cast<double>(gaps.count);
    const double mean = gaps.sum / n;
    count += n;
    squares += gaps.squares / (mean * mean);
  }
  return count == 0 ? 0 : std::sqrt(std::max(0.0, squares / count - 1));
}

}  // namespace lbsim::fairness
