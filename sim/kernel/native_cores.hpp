// When each core of a FIFO station is free. Work is known when it comes, so its end is known too:
// it begins on the core that is free first (Kleinrock, Queueing Systems I, 1975, G/G/c). Up to
// eight cores stand in one cache line and are scanned; more are a heap.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace lbsim::kernel {

class Cores {
 public:
  static constexpr std::size_t kInline = 8;

  // All free since `since_ps`.
  void reset(std::size_t cores, std::int64_t since_ps) {
    count_ = static_cast<std::uint32_t>(cores);
    first_ = 0;
    one_ = since_ps;
    few_.fill(kNoCore);
    many_.clear();
    if (cores > kInline) {
      many_.assign(cores, since_ps);
    } else {
      std::fill_n(few_.begin(), cores, since_ps);
    }
  }

  std::int64_t first_free() {
    if (count_ == 1) return one_;
    if (count_ > kInline) return many_.front();
    first_ = 0;  // eight at all times: a loop of unknown length is guessed wrong
    for (std::uint32_t i = 1; i < kInline; ++i) first_ = few_[i] < few_[first_] ? i : first_;
    return few_[first_];
  }

  // Occupies the core that first_free() has just told of, until `end_ps`.
  void take(std::int64_t end_ps) {
    if (count_ == 1) {
      one_ = end_ps;
    } else if (count_ <= kInline) {
      few_[first_] = end_ps;
    } else {
      std::pop_heap(many_.begin(), many_.end(), std::greater<>());
      many_.back() = end_ps;
      std::push_heap(many_.begin(), many_.end(), std::greater<>());
    }
  }

  std::uint32_t busy(std::int64_t now_ps) const {
    if (count_ == 1) return one_ > now_ps;
    std::uint32_t busy = 0;
    if (count_ > kInline) {
      for (const std::int64_t date : many_) busy += date > now_ps;
      return busy;
    }
    for (const std::int64_t date : few_) busy += date > now_ps;
    return busy - (static_cast<std::uint32_t>(kInline) - count_);
  }

 private:
  static constexpr std::int64_t kNoCore = std::numeric_limits<std::int64_t>::max();

  std::uint32_t count_ = 0;
  std::uint32_t first_ = 0;  // of few_, after first_free()
  std::int64_t one_ = 0;     // of a single core
  alignas(64) std::array<std::int64_t, kInline> few_{};
  std::vector<std::int64_t> many_;
};

}  // namespace lbsim::kernel
