// Records reached by index, in chunks that never move; freed ones are used again, the latest first.
#pragma once

#include <cstdint>
#include <memory>
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
    if (used_ == chunks_.size() << kChunkBits) {
      chunks_.push_back(std::make_unique<T[]>(std::size_t{1} << kChunkBits));
    }
    return used_++;
  }

  // Resets all fields but the generation.
  void release(std::uint32_t index) {
    T& record = (*this)[index];
    const std::uint32_t generation = (record.generation + 1) & kGenerationMask;
    record = T();
    record.generation = generation;
    free_.push_back(index);
    --live_;
  }

  T& operator[](std::uint32_t index) {
    return chunks_[index >> kChunkBits][index & ((1u << kChunkBits) - 1)];
  }
  const T& operator[](std::uint32_t index) const {
    return chunks_[index >> kChunkBits][index & ((1u << kChunkBits) - 1)];
  }

  // The record will be needed soon, and was last used long ago.
  void prefetch(std::uint32_t index) const { __builtin_prefetch(&(*this)[index]); }

  bool is_current(std::uint32_t index, std::uint32_t generation) const {
    return (*this)[index].generation == generation;
  }

  std::uint32_t live() const { return live_; }
  // Indices below this have been used.
  std::uint32_t capacity() const { return used_; }

 private:
  static constexpr int kChunkBits = 12;

  std::vector<std::unique_ptr<T[]>> chunks_;
  std::uint32_t used_ = 0;
  std::vector<std::uint32_t> free_;
  std::uint32_t live_ = 0;
};

}  // namespace lbsim
