// Records in one block of memory, reached by index; freed ones are used again, the latest first.
#pragma once

#include <cstdint>
#include <vector>

#include "core/check.hpp"

namespace lbsim {

// T has a field `std::uint32_t generation`, which the slab raises when the record is freed, so that
// whoever kept (index, generation) can tell that it is gone. 22 bits are used, as
// many as a kernel token keeps.
template <class T>
class Slab {
 public:
  static constexpr std::uint32_t kGenerationMask = 0x3fffff;

  std::uint32_t allocate() {
    ++live_;
    if (!free_.empty()) {
      const std::uint32_t index = free_.back();
      free_.pop_back();
      return index;
    }
    records_.emplace_back();
    return static_cast<std::uint32_t>(records_.size() - 1);
  }

  // Resets all fields but the generation.
  void release(std::uint32_t index) {
    const std::uint32_t generation = (records_[index].generation + 1) & kGenerationMask;
    records_[index] = T();
    records_[index].generation = generation;
    free_.push_back(index);
    --live_;
  }

  T& operator[](std::uint32_t index) { return records_[index]; }
  const T& operator[](std::uint32_t index) const { return records_[index]; }

  bool is_current(std::uint32_t index, std::uint32_t generation) const {
    return records_[index].generation == generation;
  }

  std::uint32_t live() const { return live_; }
  std::uint32_t capacity() const { return static_cast<std::uint32_t>(records_.size()); }

 private:
  std::vector<T> records_;
  std::vector<std::uint32_t> free_;
  std::uint32_t live_ = 0;
};

}  // namespace lbsim
