#include "algorithms/nginx/glibc_random.hpp"

namespace lbsim::algorithms::nginx {

GlibcRandom::GlibcRandom(std::uint32_t seed) {
  // Words are signed in the seeding: 16807 x mod (2^31 - 1) of a negative word is taken towards
  // zero and then made positive.
  constexpr std::int64_t kModulus = 2147483647;
  std::int64_t word = static_cast<std::int32_t>(seed == 0 ? 1 : seed);
  words_[0] = static_cast<std::uint32_t>(word);
  for (std::uint32_t i = 1; i < kWords; ++i) {
    word = 16807 * word % kModulus;
    if (word < 0) word += kModulus;
    words_[i] = static_cast<std::uint32_t>(word);
  }
  // x[31..33] repeat x[0..2]: position 3 is then the oldest. 310 values are discarded.
  oldest_ = 3;
  for (int i = 0; i < 310; ++i) next();
}

}  // namespace lbsim::algorithms::nginx
