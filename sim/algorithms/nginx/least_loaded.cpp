#include "algorithms/nginx/least_loaded.hpp"

#include <algorithm>

// Integer arithmetic only, so the variants differ in speed alone.
#if defined(__x86_64__) && defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
#define LBSIM_VECTOR_VARIANTS __attribute__((target_clones("avx2", "default")))
#else
#define LBSIM_VECTOR_VARIANTS
#endif

namespace lbsim::algorithms::nginx {

// Passes without branches: a vector unit takes 4 or 8 peers at a time.
LBSIM_VECTOR_VARIANTS
PeerIndex least_loaded(const std::int32_t* __restrict load, const std::int32_t* __restrict weight,
                       std::int32_t* __restrict current, std::size_t count) {
  const auto n = static_cast<std::int32_t>(count);
  std::int32_t least = kClosed;
  for (std::int32_t i = 0; i < n; ++i) least = std::min(least, load[i]);
  if (least == kClosed) return kNoPeer;

  std::int32_t total = 0;
  std::int32_t largest = std::numeric_limits<std::int32_t>::min();
  for (std::int32_t i = 0; i < n; ++i) {
    const bool tied = load[i] == least;
    const std::int32_t gain = tied ? weight[i] : 0;
    const std::int32_t now = current[i] + gain;
    current[i] = now;
    total += gain;
    largest = std::max(largest, tied ? now : std::numeric_limits<std::int32_t>::min());
  }

  std::int32_t first = n;
  for (std::int32_t i = 0; i < n; ++i) {
    const bool wins = (load[i] == least) & (current[i] == largest);
    first = std::min(first, wins ? i : n);
  }
  current[first] -= total;
  return static_cast<PeerIndex>(first);
}

}  // namespace lbsim::algorithms::nginx
