// Service-time and size distributions, drawn from our own streams so that all compilers agree.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/random.hpp"

namespace lbsim {

enum class Law : unsigned char {
  fixed,
  exponential,
  lognormal,         // shape: squared coefficient of variation
  pareto,            // shape: tail index alpha > 1 (Lomax-free: support starts at its minimum)
  hyperexponential,  // shape: squared coefficient of variation >= 1; two phases, balanced means
  erlang,            // shape: number of phases
  empirical,         // values, equally likely
};

// A positive random quantity with the stated mean. `shape` is what the law above says it is.
struct Distribution {
  Law law = Law::fixed;
  double mean = 0;
  double shape = 1;
  std::shared_ptr<const std::vector<double>> values;  // empirical only; `mean` is theirs
  mutable double log_variance = -1;  // lognormal, of the logarithm; found by the first draw

  // Draws one value, in the unit of `mean`. Source needs uniform() in (0, 1).
  template <class Source>
  double draw(Source& source) const;
};

// Squared coefficient of variation of the law: variance / mean^2 (infinite for pareto, alpha <= 2).
double squared_variation(const Distribution& d);

// The quantile function of one uniform variate u, for laws that have one.
double draw_by_inversion(const Distribution& d, double u);

template <class Source>
double Distribution::draw(Source& source) const {
  if (law == Law::fixed) return mean;
  const double u = source.uniform();
  if (law == Law::exponential) return -mean * exact_log(u);
  if (law == Law::hyperexponential) {
    // Balanced means: p1/mu1 = p2/mu2, p1 = (1 + sqrt((scv - 1) / (scv + 1))) / 2.
    const double p = 0.5 * (1.0 + __builtin_sqrt((shape - 1.0) / (shape + 1.0)));
    const double v = source.uniform();
    return -exact_log(v) * mean / (2.0 * (u < p ? p : 1.0 - p));
  }
  if (law == Law::erlang) {
    double product = u;
    for (int phase = 1; phase < static_cast<int>(shape); ++phase) {
      const double v = source.uniform();
      product *= v;
    }
    return -exact_log(product) * mean / shape;
  }
  return draw_by_inversion(*this, u);
}

}  // namespace lbsim
