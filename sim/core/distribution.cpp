#include "core/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.hpp"

namespace lbsim {

double squared_variation(const Distribution& d) {
  switch (d.law) {
    case Law::fixed:
      return 0;
    case Law::exponential:
      return 1;
    case Law::lognormal:
    case Law::hyperexponential:
      return d.shape;
    case Law::erlang:
      return 1.0 / d.shape;
    case Law::pareto:
      return d.shape > 2 ? 1.0 / (d.shape * (d.shape - 2.0))
                         : std::numeric_limits<double>::infinity();
    case Law::empirical:
      break;
  }
  double square = 0;
  for (const double value : *d.values) square += (value - d.mean) * (value - d.mean);
  return square / static_cast<double>(d.values->size()) / (d.mean * d.mean);
}

double draw_by_inversion(const Distribution& d, double u) {
  switch (d.law) {
    case Law::lognormal: {
      if (d.log_variance < 0) d.log_variance = exact_log(1.0 + d.shape);
      const double variance = d.log_variance;
      return d.mean * exact_exp(std::sqrt(variance) * normal_quantile(u) - 0.5 * variance);
    }
    case Law::pareto:
      return d.mean * (d.shape - 1.0) / d.shape * exact_pow(u, -1.0 / d.shape);
    case Law::empirical: {
      const auto n = static_cast<double>(d.values->size());
      const auto i = static_cast<std::size_t>(u * n);
      return (*d.values)[std::min(i, d.values->size() - 1)];
    }
    default:
      break;
  }
  LBSIM_CHECK(!"a law with a draw of its own");
  return 0;
}

}  // namespace lbsim
