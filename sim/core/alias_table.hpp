// Draws an index with given probabilities in constant time: M. D. Vose, "A linear algorithm for
// generating random numbers with a given distribution", IEEE TSE 17 (1991).
#pragma once

#include <cstdint>
#include <vector>

namespace lbsim {

class AliasTable {
 public:
  AliasTable() = default;
  // Weights >= 0, at least one > 0.
  explicit AliasTable(const std::vector<double>& weights);

  std::uint32_t size() const { return static_cast<std::uint32_t>(cells_.size()); }
  // u in (0, 1).
  std::uint32_t pick(double u) const {
    const double scaled = u * static_cast<double>(cells_.size());
    auto i = static_cast<std::uint32_t>(scaled);
    if (i >= cells_.size()) i = static_cast<std::uint32_t>(cells_.size() - 1);
    return scaled - i < cells_[i].keep ? i : cells_[i].alias;
  }

 private:
  struct Cell {
    double keep = 1;
    std::uint32_t alias = 0;
  };
  std::vector<Cell> cells_;
};

// Probabilities proportional to k^-exponent, k = 1..n.
std::vector<double> zipf_weights(int n, double exponent);

}  // namespace lbsim
