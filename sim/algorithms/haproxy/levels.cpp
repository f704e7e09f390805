#include "algorithms/haproxy/levels.hpp"

#include <array>
#include <bit>

#include "core/check.hpp"

namespace lbsim::algorithms::haproxy {
namespace {

constexpr std::uint32_t kEnd = ~0U;

// A set of small integers that knows its smallest: bits, and bits that say where there are bits.
class FirstOf {
 public:
  explicit FirstOf(std::size_t n) : words_(n / 64 + 1), summary_(words_.size() / 64 + 1) {}

  void add(std::uint32_t i) {
    words_[i / 64] |= std::uint64_t{1} << i % 64;
    summary_[i / 4096] |= std::uint64_t{1} << i / 64 % 64;
  }
  void remove(std::uint32_t i) {
    words_[i / 64] &= ~(std::uint64_t{1} << i % 64);
    if (words_[i / 64] == 0) summary_[i / 4096] &= ~(std::uint64_t{1} << i / 64 % 64);
  }
  std::uint32_t smallest() const {  // kEnd when empty
    for (std::size_t i = 0; i < summary_.size(); ++i) {
      if (summary_[i] == 0) continue;
      const std::size_t word = i * 64 + static_cast<std::size_t>(std::countr_zero(summary_[i]));
      return static_cast<std::uint32_t>(word * 64) +
             static_cast<std::uint32_t>(std::countr_zero(words_[word]));
    }
    return kEnd;
  }

 private:
  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> summary_;
};

class Spreading {
 public:
  Spreading(const std::vector<Share>& shares, std::uint32_t total)
      : shares_(shares),
        total_(total),
        level_(shares.size(), 0),
        rises_(shares.size(), 0),
        next_(shares.size(), kEnd),
        due_(total + 1, kEnd),
        at_level_{FirstOf(shares.size()), FirstOf(shares.size()), FirstOf(shares.size()),
                  FirstOf(shares.size())} {
    for (std::uint32_t i = 0; i < shares.size(); ++i) {
      move(i, 1);
      schedule(i);
    }
  }

  ServerId winner_of_entry(std::uint32_t entry) {
    std::uint32_t i = due_[entry + 1];
    while (i != kEnd) {
      const std::uint32_t after = next_[i];
      move(i, level_[i] + 1);
      schedule(i);
      i = after;
    }
    for (std::size_t level = at_level_.size(); level-- > 0;) {
      const std::uint32_t best = at_level_[level].smallest();
      if (best == kEnd) continue;
      LBSIM_CHECK(level > 0);
      move(best, static_cast<int>(level) - 1);
      return shares_[best].server;
    }
    LBSIM_CHECK(false);
  }

 private:
  // The entry (counted from 1) by which weight * entries reaches the next multiple of the total.
  void schedule(std::uint32_t i) {
    const std::uint64_t goal = std::uint64_t{++rises_[i]} * total_;
    const std::uint64_t entry = (goal + shares_[i].weight - 1) / shares_[i].weight;
    if (entry > total_) return;
    next_[i] = due_[entry];
    due_[entry] = i;
  }

  void move(std::uint32_t i, int level) {
    LBSIM_CHECK(level < static_cast<int>(at_level_.size()));
    at_level_[static_cast<std::size_t>(level_[i])].remove(i);
    level_[i] = level;
    at_level_[static_cast<std::size_t>(level)].add(i);
  }

  const std::vector<Share>& shares_;
  std::uint32_t total_;
  std::vector<int> level_;
  std::vector<std::uint32_t> rises_;
  std::vector<std::uint32_t> next_;  // in the list of those due at the same entry
  std::vector<std::uint32_t> due_;   // first of each entry's list
  std::array<FirstOf, 4> at_level_;
};

}  // namespace

std::vector<ServerId> spread(const std::vector<Share>& shares, std::uint32_t total) {
  if (shares.size() == 1) return std::vector<ServerId>(total, shares.front().server);
  Spreading spreading(shares, total);
  std::vector<ServerId> entries(total);
  for (std::uint32_t entry = 0; entry < total; ++entry) {
    entries[entry] = spreading.winner_of_entry(entry);
  }
  return entries;
}

}  // namespace lbsim::algorithms::haproxy
