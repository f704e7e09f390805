// Sums of rates in fixed point: adding and taking away again leaves nothing behind, however long
// the run, so a sum depends on what is in it and not on its history.
#pragma once

#include <cstdint>

namespace lbsim::kernel {

__extension__ using Rate = __int128;  // bytes/s in steps of 2^-40; 2^24 flows of 2^62 fit

inline constexpr double kRateLimit = 0x1p62;

// 0 <= bytes_per_s; anything above the limit counts as the limit.
inline Rate to_rate(double bytes_per_s) {
  if (!(bytes_per_s < kRateLimit)) bytes_per_s = kRateLimit;
  const auto whole = static_cast<std::int64_t>(bytes_per_s);
  const double fraction = bytes_per_s - static_cast<double>(whole);
  return (static_cast<Rate>(whole) << 40) + static_cast<std::int64_t>(fraction * 0x1p40);
}

// Within two units in the last place; the same bits everywhere.
inline double from_rate(Rate rate) {
  const auto high = static_cast<std::int64_t>(rate >> 62);
  const auto low = static_cast<std::int64_t>(rate) & ((std::int64_t{1} << 62) - 1);
  return static_cast<double>(high) * 0x1p22 + static_cast<double>(low) * 0x1p-40;
}

}  // namespace lbsim::kernel
