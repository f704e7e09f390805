#include "algorithms/nginx/least_loaded.hpp"

#include <algorithm>

// Integer arithmetic only, so the variants differ in speed alone.
#if defined(__x86_64__) && defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
#define LBSIM_VECTOR_VARIANTS __attribute__((target_clones("avx2", "default")))
#else
#define LBSIM_VECTOR_VARIANTS
#endif

namespace lbsim::algorithms::nginx {
namespace {

constexpr std::int32_t kSmallest = std::numeric_limits<std::int32_t>::min();

// All bits set if true: both compilers make vectors of masks, g++ 12 does not of conditions.
inline std::int32_t mask(bool condition) { return -static_cast<std::int32_t>(condition); }

}  // namespace

// Three passes without branches: a vector unit takes 4 or 8 peers at a time.
LBSIM_VECTOR_VARIANTS
PeerIndex least_loaded(const std::int32_t* __restrict load, const std::int32_t* __restrict weight,
                       std::int32_t* __restrict current, std::size_t count) {
  const auto n = static_cast<std::int32_t>(count);
  std::int32_t least = kClosed;
  for (std::int32_t i = 0; i < n; ++i) least = std::min(least, load[i]);
  if (least == kClosed) return kNoPeer;

  std::int32_t total = 0;
  std::int32_t largest = kSmallest;
  for (std::int32_t i = 0; i < n; ++i) {
    const std::int32_t tied = mask(load[i] == least);
    const std::int32_t gain = weight[i] & tied;
    const std::int32_t now = current[i] + gain;
    current[i] = now;
    total += gain;
    largest = std::max(largest, (now & tied) | (kSmallest & ~tied));
  }

  std::int32_t first = n;
  for (std::int32_t i = 0; i < n; ++i) {
    const std::int32_t wins = mask(load[i] == least) & mask(current[i] == largest);
    first = std::min(first, (i & wins) | (n & ~wins));
  }
  current[first] -= total;
  return static_cast<PeerIndex>(first);
}

}  // namespace lbsim::algorithms::nginx
