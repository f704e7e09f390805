// An ordered list of a name's addresses, as one DNS answer carries it: one cache line, no
// allocation, because a simulated population holds one per resolver.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/check.hpp"
#include "core/random.hpp"

namespace lbsim::algorithms::dns {

using RecordIndex = std::uint8_t;  // position in the RecordTable
inline constexpr std::size_t kAnswerRecordsMax = 63;

class Order {
 public:
  void push_back(RecordIndex index) {
    LBSIM_CHECK(size_ < kAnswerRecordsMax);
    index_[size_++] = index;
  }
  void clear() { size_ = 0; }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  RecordIndex operator[](std::size_t i) const { return index_[i]; }
  RecordIndex& operator[](std::size_t i) { return index_[i]; }
  const RecordIndex* begin() const { return index_.data(); }
  const RecordIndex* end() const { return index_.data() + size_; }
  RecordIndex* begin() { return index_.data(); }
  RecordIndex* end() { return index_.data() + size_; }

 private:
  friend Order rotated_left(const Order& base, std::uint64_t k);

  std::uint8_t size_ = 0;
  std::array<RecordIndex, kAnswerRecordsMax> index_;
};

// `base` from its k-th entry on (k modulo the size), then the entries before that one.
inline Order rotated_left(const Order& base, std::uint64_t k) {
  Order result;
  if (base.empty()) return result;
  const std::size_t from = k % base.size();
  std::rotate_copy(base.begin(), base.begin() + from, base.end(), result.begin());
  result.size_ = base.size_;
  return result;
}

// Every order equally likely (Fisher and Yates).
inline void shuffle(Order& order, Random& random) {
  for (std::size_t left = order.size(); left > 1; --left) {
    const std::size_t chosen = random.below(left);
    std::swap(order[left - 1], order[chosen]);
  }
}

}  // namespace lbsim::algorithms::dns
