#include "scenario/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>
#include <system_error>
#include <vector>

#include "core/random.hpp"

namespace lbsim::units {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr std::int64_t kSecond = 1'000'000'000'000;
constexpr Unit kTimes[] = {{"ps", 1},
                           {"ns", 1'000},
                           {"us", 1'000'000},
                           {"ms", kSecond / 1000},
                           {"s", kSecond},
                           {"m", 60 * kSecond},
                           {"min", 60 * kSecond},
                           {"h", 3600 * kSecond},
                           {"d", 86'400 * kSecond}};
constexpr Unit kSizes[] = {{"B", 1},
                           {"KB", 1'000},
                           {"KiB", 1'024},
                           {"MB", 1'000'000},
                           {"MiB", 1'048'576},
                           {"GB", 1'000'000'000},
                           {"GiB", 1'073'741'824},
                           {"TB", 1'000'000'000'000},
                           {"TiB", 1'099'511'627'776}};
constexpr Unit kBits[] = {{"bps", 1},
                          {"Kbps", 1'000},
                          {"Mbps", 1'000'000},
                          {"Gbps", 1'000'000'000},
                          {"Tbps", 1'000'000'000'000}};
constexpr Unit kCounts[] = {
    {"", 1}, {"K", 1'000}, {"M", 1'000'000}, {"B", 1'000'000'000}, {"T", 1'000'000'000'000}};
constexpr Unit kPeriods[] = {{"s", 1}, {"m", 60}, {"min", 60}, {"h", 3'600}, {"d", 86'400}};

// What a kind of value is called, may be measured in, and looks like when it is right.
struct Grammar {
  std::string_view what;
  std::span<const Unit> units;
  std::string_view example;
  std::string_view likely;  // the unit that a bare number most likely has
  std::string_view limit;   // the largest value that fits 64 bits
};

constexpr Grammar kDuration{"duration", kTimes, "250ms", "s",
                            "the simulated clock ends after 106 days"};
constexpr Grammar kSize{"size", kSizes, "20KB", "KB", "the largest size is 9,223,372TB"};
constexpr Grammar kBandwidth{"bandwidth", kBits, "10Gbps", "Gbps", ""};
constexpr Grammar kCount{"count", kCounts, "100M", "", "the largest count is 9,223,372T"};

// "1.25ms" = digits 125, 2 decimals, unit "ms".
struct Quantity {
  std::string_view number;
  std::int64_t digits = 0;
  int decimals = 0;
  std::string_view unit;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A decimal number of at most 18 digits, then anything; nothing if it does not start with one.
std::optional<Quantity> split(std::string_view text) {
  Quantity q;
  std::size_t i = 0;
  std::size_t digits = 0;
  bool point = false;
  for (; i < text.size() && (is_digit(text[i]) || (text[i] == '.' && !point)); ++i) {
    if (text[i] == '.') {
      point = true;
      continue;
    }
    if (++digits > 18) return std::nullopt;
    q.digits = q.digits * 10 + (text[i] - '0');
    q.decimals += point;
  }
  if (digits == 0 || text[i - 1] == '.' || text[0] == '.') return std::nullopt;
  q.number = text.substr(0, i);
  q.unit = text.substr(i);
  if (q.unit.starts_with(' ')) q.unit.remove_prefix(1);
  return q;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string names(std::span<const Unit> units) {
  std::string out;
  for (const Unit& unit : units) {
    if (unit.name.empty()) continue;
    if (!out.empty()) out += ", ";
    out += unit.name;
  }
  return out;
}

template <class T>
Result<T> wrong(std::string message, std::string hint) {
  return {.value = {}, .message = std::move(message), .hint = std::move(hint)};
}

template <class T>
Result<T> right(T value) {
  return {.value = value, .message = {}, .hint = {}};
}

template <class T>
Result<T> unreadable(std::string_view text, const Grammar& grammar) {
  return wrong<T>(fmt::format("cannot read \"{}\" as a {}", text, grammar.what),
                  fmt::format("write for example \"{}\"", grammar.example));
}

template <class T>
Result<T> bad_unit(const Quantity& q, const Grammar& grammar) {
  if (q.unit.empty()) {
    return wrong<T>(fmt::format("\"{}\" has no unit", q.number),
                    fmt::format("write for example \"{}{}\"; units are {}", q.number,
                                grammar.likely, names(grammar.units)));
  }
  for (const Unit& unit : grammar.units) {
    if (lower(unit.name) != lower(q.unit)) continue;
    return wrong<T>(fmt::format("\"{}{}\" has an unknown unit, \"{}\"", q.number, q.unit, q.unit),
                    fmt::format("did you mean \"{}{}\"?", q.number, unit.name));
  }
  return wrong<T>(fmt::format("\"{}{}\" has an unknown unit, \"{}\"", q.number, q.unit, q.unit),
                  fmt::format("units are {}", names(grammar.units)));
}

const Unit* find(std::span<const Unit> units, std::string_view name) {
  const auto at =
      std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.name == name; });
  return at == units.end() ? nullptr : &*at;
}

// In whole numbers of the smallest unit.
Result<std::int64_t> parse_whole(std::string_view text, const Grammar& grammar) {
  const auto q = split(text);
  if (!q) return unreadable<std::int64_t>(text, grammar);
  const Unit* unit = find(grammar.units, q->unit);
  if (!unit) return bad_unit<std::int64_t>(*q, grammar);
  Wide scaled = static_cast<Wide>(q->digits) * static_cast<Wide>(unit->factor);
  for (int i = 0; i < q->decimals; ++i) {
    if (scaled % 10 != 0) {
      const std::string_view smallest = grammar.units.front().name;
      return wrong<std::int64_t>(fmt::format("\"{}\" is not a whole number{}{}", text,
                                             smallest.empty() ? "" : " of ", smallest),
                                 fmt::format("write for example \"{}\"", grammar.example));
    }
    scaled /= 10;
  }
  if (scaled > static_cast<Wide>(std::numeric_limits<std::int64_t>::max())) {
    return wrong<std::int64_t>(fmt::format("\"{}\" is too large", text),
                               std::string(grammar.limit));
  }
  return right(static_cast<std::int64_t>(scaled));
}

// The double nearest to number x 10^exponent.
double scaled_real(std::string_view number, int exponent) {
  const std::string text = fmt::format("{}e{}", number, exponent);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

int decimal_exponent(std::int64_t factor) {
  int exponent = 0;
  for (; factor > 1; factor /= 10) ++exponent;
  return exponent;
}

std::string print_whole(std::int64_t value, std::span<const Unit> units) {
  const Unit* best = &units.front();
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0 && unit.factor >= best->factor) best = &unit;
  }
  return fmt::format("{}{}", value / best->factor, best->name);
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  const Result<std::int64_t> ps = parse_whole(text, kDuration);
  if (!ps) return wrong<Duration>(ps.message, ps.hint);
  return right(Duration{*ps.value});
}

Result<Duration> parse_clock(std::string_view text) {
  const auto bad = [&] {
    return wrong<Duration>(fmt::format("cannot read \"{}\" as a time of day", text),
                           "write HH:MM or HH:MM:SS, from \"00:00\" to \"24:00\"");
  };
  if (text.size() != 5 && text.size() != 8) return bad();
  std::int64_t parts[3] = {0, 0, 0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 3 == 2 ? text[i] != ':' : !is_digit(text[i])) return bad();
    if (i % 3 != 2) parts[i / 3] = parts[i / 3] * 10 + (text[i] - '0');
  }
  const std::int64_t total = parts[0] * 3600 + parts[1] * 60 + parts[2];
  if (parts[1] > 59 || parts[2] > 59 || total > 86'400) return bad();
  return right(seconds(total));
}

Result<std::int64_t> parse_size(std::string_view text) { return parse_whole(text, kSize); }
Result<std::int64_t> parse_count(std::string_view text) { return parse_whole(text, kCount); }

Result<double> parse_bandwidth(std::string_view text) {
  const auto q = split(text);
  if (!q) return unreadable<double>(text, kBandwidth);
  const Unit* unit = find(kBits, q->unit);
  if (!unit) return bad_unit<double>(*q, kBandwidth);
  return right(scaled_real(q->number, decimal_exponent(unit->factor)) / 8);
}

Result<double> parse_rate(std::string_view text) {
  constexpr std::string_view kExamples = "\"5000/s\", \"100/min\" or \"3M/d\"";
  const auto q = split(text);
  const std::size_t slash = q ? q->unit.find('/') : std::string_view::npos;
  if (q && slash == std::string_view::npos && find(kCounts, q->unit)) {
    return wrong<double>(
        fmt::format("\"{}\" does not say per what time", text),
        fmt::format("write for example \"{}/s\"; times are {}", text, names(kPeriods)));
  }
  const bool readable = slash != std::string_view::npos;
  const Unit* multiple = readable ? find(kCounts, q->unit.substr(0, slash)) : nullptr;
  const Unit* period = readable ? find(kPeriods, q->unit.substr(slash + 1)) : nullptr;
  if (!multiple || !period) {
    return wrong<double>(fmt::format("cannot read \"{}\" as a rate", text),
                         fmt::format("write for example {}", kExamples));
  }
  return right(scaled_real(q->number, decimal_exponent(multiple->factor)) /
               static_cast<double>(period->factor));
}

Result<double> parse_percent(std::string_view text) {
  const auto q = split(text);
  if (q && q->unit == "%") return right(scaled_real(q->number, -2));
  if (q && q->unit.empty()) {
    return wrong<double>(fmt::format("\"{}\" has no percent sign", text),
                         fmt::format("write \"{}%\"", text));
  }
  return wrong<double>(fmt::format("cannot read \"{}\" as a percentage", text),
                       "write for example \"0.1%\"");
}

std::string print_duration(Duration value) {
  return value.count() == 0 ? "0s" : print_whole(value.count(), kTimes);
}

std::string print_clock(Duration value) {
  const std::int64_t total = value / seconds(1);
  const std::string minutes = fmt::format("{:02}:{:02}", total / 3600, total / 60 % 60);
  return total % 60 == 0 ? minutes : fmt::format("{}:{:02}", minutes, total % 60);
}

std::string print_size(std::int64_t bytes) { return print_whole(bytes, kSizes); }
std::string print_count(std::int64_t value) { return print_whole(value, kCounts); }

std::string print_bandwidth(double bytes_per_s) {
  const double bits = bytes_per_s * 8;
  if (bits == std::floor(bits) && bits < 9e18) {
    return print_whole(static_cast<std::int64_t>(bits), kBits);
  }
  return print_real(bits) + "bps";
}

std::string print_rate(double per_s) { return print_real(per_s) + "/s"; }

std::string print_percent(double fraction) {
  // Shifts the decimal point of the shortest spelling: 0.07 x 100 in binary is not 7.
  char buffer[64];
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, fraction, std::chars_format::scientific).ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t e = text.find('e');
  int exponent = 0;
  const char* from = text.data() + e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(from, end, exponent);
  return print_real(scaled_real(text.substr(0, e), exponent + 2)) + "%";
}

std::string print_real(double value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

}  // namespace lbsim::units
