#include "core/alias_table.hpp"

#include "core/check.hpp"
#include "core/math.hpp"

namespace lbsim {

AliasTable::AliasTable(const std::vector<double>& weights) : cells_(weights.size()) {
  double sum = 0;
  for (const double w : weights) sum += w;
  LBSIM_CHECK(sum > 0);
  std::vector<std::uint32_t> small;
  std::vector<std::uint32_t> large;
  std::vector<double> scaled(weights.size());
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    scaled[i] = weights[i] / sum * static_cast<double>(weights.size());
    (scaled[i] < 1 ? small : large).push_back(i);
    cells_[i].alias = i;
  }
  while (!small.empty() && !large.empty()) {
    const std::uint32_t s = small.back();
    const std::uint32_t l = large.back();
    small.pop_back();
    cells_[s] = {scaled[s], l};
    scaled[l] -= 1.0 - scaled[s];
    if (scaled[l] < 1) {
      large.pop_back();
      small.push_back(l);
    }
  }
}

std::vector<double> zipf_weights(int n, double exponent) {
  std::vector<double> weights;
  for (int k = 1; k <= n; ++k) weights.push_back(exact_pow(k, -exponent));
  return weights;
}

}  // namespace lbsim
