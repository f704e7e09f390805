// Values with units, as scenarios and command line flags spell them: "250ms", "20KB", "10Gbps",
// "100M", "5000/s", "0.1%", "21:30". A number without a unit is a mistake, except for counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/time.hpp"

namespace lbsim::units {

// A value, or what was wrong and what would be right.
template <class T>
struct Result {
  std::optional<T> value;
  std::string message;
  std::string hint;

  explicit operator bool() const { return value.has_value(); }

  // For command line flags: `flag` ("--duration") is what the error names.
  T or_throw(const std::string& flag) const {
    if (!value) {
      throw InputError(Diagnostic{.file = {}, .field = flag, .message = message, .hint = hint});
    }
    return *value;
  }
};

// Decimal numbers are read exactly: "0.1s" is 100,000,000,000 ps. What does not fit the grid
// ("0.5ps", "0.3B") or the type is a mistake, never rounded.
Result<Duration> parse_duration(std::string_view text);   // ps ns us ms s m min h d
Result<Duration> parse_clock(std::string_view text);      // HH:MM or HH:MM:SS, since midnight
Result<std::int64_t> parse_size(std::string_view text);   // B KB MB GB TB (1000), KiB MiB ...
Result<double> parse_bandwidth(std::string_view text);    // bps Kbps Mbps Gbps Tbps: bytes/s
Result<std::int64_t> parse_count(std::string_view text);  // 1500, 20K, 3M, 1.2B, 1T
Result<double> parse_rate(std::string_view text);         // 5000/s 100/min 3M/d: per second
Result<double> parse_percent(std::string_view text);      // "0.1%" is 0.001

// A spelling that parses back to the same value, in the largest unit that divides it.
std::string print_duration(Duration value);
std::string print_clock(Duration value);
std::string print_size(std::int64_t bytes);
std::string print_bandwidth(double bytes_per_s);
std::string print_count(std::int64_t value);
std::string print_rate(double per_s);
std::string print_percent(double fraction);
std::string print_real(double value);

}  // namespace lbsim::units
