// When each core of a FIFO station is free. Work is known when it comes, so its end is known too:
// it begins on the core that is free first (Kleinrock, Queueing Systems I, 1975, G/G/c). Up to
// eight cores stand in one cache line and are scanned; more are a heap.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace lbsim::kernel {

class Cores {
 public:
  static constexpr std::size_t kInline = 8;

  // All free since `since_ps`.
  void reset(std::size_t cores, std::int64_t since_ps) {
    count_ = cores;
    few_.fill(since_ps);
    many_.clear();
    if (cores > kInline) many_.assign(cores, since_ps);
  }

  std::int64_t first_free() const {
    if (!many_.empty()) return many_.front();
    std::int64_t first = few_[0];
    for (std::size_t i = 1; i < count_; ++i) first = std::min(first, few_[i]);
    return first;
  }

  // Occupies the core that is free first until `end_ps`, which is not before it is free.
  void take(std::int64_t end_ps) {
    if (many_.empty()) {
      std::size_t first = 0;
      for (std::size_t i = 1; i < count_; ++i) first = few_[i] < few_[first] ? i : first;
      few_[first] = end_ps;
      return;
    }
    std::pop_heap(many_.begin(), many_.end(), std::greater<>());
    many_.back() = end_ps;
    std::push_heap(many_.begin(), many_.end(), std::greater<>());
  }

  std::uint32_t busy(std::int64_t now_ps) const {
    const std::int64_t* const dates = many_.empty() ? few_.data() : many_.data();
    std::uint32_t busy = 0;
    for (std::size_t i = 0; i < count_; ++i) busy += dates[i] > now_ps;
    return busy;
  }

 private:
  std::array<std::int64_t, kInline> few_{};
  std::size_t count_ = 0;
  std::vector<std::int64_t> many_;
};

}  // namespace lbsim::kernel
