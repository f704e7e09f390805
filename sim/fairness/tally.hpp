// Counts picks and says how fair they were.
#pragma once

#include <cstdint>
#include <vector>

#include "algorithms/upstream.hpp"

namespace lbsim::fairness {

class Tally {
 public:
  // Shares are due in proportion to `weights`; 0: no share.
  explicit Tally(std::vector<double> weights);
  explicit Tally(const std::vector<int>& weights)
      : Tally(std::vector<double>(weights.begin(), weights.end())) {}

  // kNoServer: a request that no server got.
  void add(algorithms::ServerId server) {
    ++asked_;
    if (server == algorithms::kNoServer) return;
    ++picks_[server];
    run_ = server == last_ ? run_ + 1 : 1;
    last_ = server;
    if (run_ > longest_run_) longest_run_ = run_;
    Gaps& gaps = gaps_[server];
    if (gaps.last != 0) {
      const auto gap = static_cast<double>(asked_ - gaps.last);
      ++gaps.count;
      gaps.sum += gap;
      gaps.squares += gap * gap;
    }
    gaps.last = asked_;
  }

  std::uint64_t asked() const { return asked_; }
  std::uint64_t served() const;
  double unserved() const;  // share of the requests that no server got

  std::vector<double> shares() const;  // of the picks, by server

  // The share of a server as a multiple of the one that is due to it.
  double relative_share(algorithms::ServerId server) const;

  // Half the sum of the distances between shares and weights: the part of the picks that is at the
  // wrong server.
  double share_error() const;
  double jain() const;           // of picks / weight; Jain, Chiu, Hawe 1984
  double max_over_mean() const;  // of picks / weight
  double longest_run() const;    // picks of one server in a row

  // Coefficient of variation of the gaps between a server's picks, in which each server counts as
  // often as it has gaps: 0 when each comes at regular intervals, 1 when picks are drawn.
  double burstiness() const;

 private:
  struct Gaps {
    std::uint64_t last = 0;  // number of the server's latest pick, from 1
    std::uint64_t count = 0;
    double sum = 0;
    double squares = 0;
  };

  std::vector<double> weights_;
  double total_weight_ = 0;
  std::vector<std::uint64_t> picks_;
  std::vector<Gaps> gaps_;
  std::uint64_t asked_ = 0;
  algorithms::ServerId last_ = algorithms::kNoServer;
  std::uint64_t run_ = 0;
  std::uint64_t longest_run_ = 0;
};

}  // namespace lbsim::fairness
