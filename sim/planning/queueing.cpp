#include "planning/queueing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/math.hpp"

namespace lbsim::planning {
namespace {

// A*(mu (1 - sigma)) - sigma is above 0 left of the root and below it between the root and 1.
template <typename Transform>
double sigma_of(Transform transform) {
  double low = 0;
  double high = 1;
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (low + high);
    (transform(middle) > middle ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

// Relative weights of the states from the empty one up; scaled where they grow large.
double share_refused(int servers, int capacity, double offered) {
  double weight = 1;
  double sum = 1;
  for (int n = 1; n <= capacity; ++n) {
    weight *= offered / std::min(n, servers);
    sum += weight;
    if (sum > 1e200) {
      weight /= 1e200;
      sum /= 1e200;
    }
  }
  return weight / sum;
}

double sigma_of_every_nth(int phases, double stream, double server_rate) {
  return sigma_of([&](double sigma) {
    const double one = stream / (stream + server_rate * (1 - sigma));
    double product = 1;
    for (int i = 0; i < phases; ++i) product *= one;
    return product;
  });
}

double sigma_of_even(double gap, double server_rate) {
  return sigma_of([&](double sigma) { return exact_exp(-gap * server_rate * (1 - sigma)); });
}

double mean_sojourn_of_split(const std::vector<double>& server_rates,
                             const std::vector<double>& shares, double arrivals) {
  double mean = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (shares[i] > 0) mean += shares[i] / (server_rates[i] - shares[i] * arrivals);
  }
  return mean;
}

std::vector<double> best_shares(const std::vector<double>& server_rates, double arrivals) {
  std::vector<bool> used(server_rates.size(), true);
  std::vector<double> shares(server_rates.size());
  for (bool settled = false; !settled;) {
    double rates = 0;
    double roots = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (!used[i]) continue;
      rates += server_rates[i];
      roots += std::sqrt(server_rates[i]);
    }
    settled = true;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (!used[i]) continue;
      const double rate = server_rates[i] - std::sqrt(server_rates[i]) * (rates - arrivals) / roots;
      shares[i] = std::max(0.0, rate / arrivals);
      if (rate < 0) {
        used[i] = false;
        settled = false;
      }
    }
  }
  return shares;
}

double share_at_least(int choices, double rho, int length) {
  double exponent = 0;
  for (int i = 0; i < length; ++i) exponent = exponent * choices + 1;
  return exact_pow(rho, exponent);
}

double mean_sojourn_of_choices(int choices, double rho) {
  double mean = 0;
  for (int length = 1; length < 100'000; ++length) {
    const double waiting = share_at_least(choices, rho, length) / rho;
    mean += waiting;
    if (waiting < 1e-17) break;
  }
  return mean;
}

}  // namespace lbsim::planning
