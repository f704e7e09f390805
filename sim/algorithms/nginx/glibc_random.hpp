// The generator behind random() of glibc: additive feedback x[i] = x[i-3] + x[i-31] over 32-bit
// words, top 31 bits, seeded by the minimal standard generator; the first 310 values are thrown
// away. nginx draws from it in `random`; a worker seeds it with (pid << 16) ^ seconds ^
// milliseconds.
//
// Source: Peter Selinger, "The GLIBC random number generator", 2007.
#pragma once

#include <array>
#include <cstdint>

namespace lbsim::algorithms::nginx {

class GlibcRandom {
 public:
  // As after srandom(seed).
  explicit GlibcRandom(std::uint32_t seed);

  // 0 .. 2^31 - 1
  std::uint32_t next() {
    const std::uint32_t sum = words_[oldest_] += words_[oldest_ >= 3 ? oldest_ - 3 : oldest_ + 28];
    oldest_ = oldest_ == kWords - 1 ? 0 : oldest_ + 1;
    return sum >> 1;
  }

 private:
  static constexpr std::uint32_t kWords = 31;

  std::array<std::uint32_t, kWords> words_;
  std::uint32_t oldest_ = 0;  // position of x[i-31], which x[i] replaces
};

}  // namespace lbsim::algorithms::nginx
