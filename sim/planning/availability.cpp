#include "planning/availability.hpp"

namespace lbsim::planning {

double availability(double mean_time_to_failure, double mean_time_to_repair) {
  return mean_time_to_failure / (mean_time_to_failure + mean_time_to_repair);
}

// Sums the smaller side of the binomial distribution, so that many nines keep their digits.
double availability_of_group(double one, int machines, int needed) {
  const double down = 1 - one;
  double ways = 1;  // of which `up` machines are the ones that are up
  double few = 0;
  double enough = 0;
  for (int up = 0; up <= machines; ++up) {
    double term = ways;
    for (int i = 0; i < up; ++i) term *= one;
    for (int i = up; i < machines; ++i) term *= down;
    (up < needed ? few : enough) += term;
    ways *= static_cast<double>(machines - up) / (up + 1);
  }
  return few < enough ? 1 - few : enough;
}

}  // namespace lbsim::planning
