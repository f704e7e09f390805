#include "planning/grid.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/error.hpp"

namespace lbsim::planning {
namespace {

constexpr long kKnobMost = 1'000'000;

[[noreturn]] void reject_knob(const std::string& flag, const std::string& message,
                              const std::string& hint) {
  throw InputError(Diagnostic{{}, 0, 0, flag, message, hint});
}

// Where nothing is open, neither a quote nor a bracket.
std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth == 0) {
      parts.emplace_back();
      continue;
    }
    parts.back() += c;
  }
  return parts;
}

}  // namespace

Knob parse_knob(const std::string& text, const std::string& flag) {
  constexpr auto kHint = "write FIELD=VALUE,VALUE, for example proxies.count=4,8,16";
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    reject_knob(flag, fmt::format("cannot read \"{}\"", text), kHint);
  }
  Knob knob{text.substr(0, equals), split_at_commas(text.substr(equals + 1))};
  for (auto value = knob.values.begin(); value != knob.values.end(); ++value) {
    if (value->empty()) {
      reject_knob(flag, fmt::format("{} has an empty value in \"{}\"", knob.field, text), kHint);
    }
    if (std::find(knob.values.begin(), value, *value) != value) {
      reject_knob(flag, fmt::format("{} has the value {} twice", knob.field, *value),
                  "--replications N runs a point N times");
    }
  }
  return knob;
}

IntegerKnob parse_range(const std::string& text, const std::string& flag) {
  constexpr auto kHint = "write FIELD=LOW..HIGH, for example proxies.count=2..32";
  const std::size_t equals = text.find('=');
  const std::size_t dots = text.find("..", equals == std::string::npos ? 0 : equals);
  IntegerKnob knob;
  const auto number = [&](std::size_t from, std::size_t to, long& value) {
    const auto [end, error] = std::from_chars(text.data() + from, text.data() + to, value);
    return error == std::errc{} && end == text.data() + to;
  };
  if (equals == std::string::npos || equals == 0 || dots == std::string::npos ||
      !number(equals + 1, dots, knob.low) || !number(dots + 2, text.size(), knob.high)) {
    reject_knob(flag, fmt::format("cannot read \"{}\" as a range", text), kHint);
  }
  knob.field = text.substr(0, equals);
  if (knob.low > knob.high) {
    reject_knob(flag,
                fmt::format("the range of {} is empty: {} > {}", knob.field, knob.low, knob.high),
                kHint);
  }
  if (knob.low < 0 || knob.high > kKnobMost) {
    reject_knob(flag, fmt::format("{} goes from 0 to {} at most", knob.field, kKnobMost), kHint);
  }
  return knob;
}

void require_distinct(const std::vector<std::string>& fields, const std::string& flag) {
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    if (std::find(fields.begin(), field, *field) != field) {
      reject_knob(flag, fmt::format("{} is named twice", *field), "name each field once");
    }
  }
}

std::vector<std::vector<std::string>> grid_points(const std::vector<Knob>& knobs) {
  std::vector<std::vector<std::string>> points(1);
  for (const Knob& knob : knobs) {
    std::vector<std::vector<std::string>> more;
    for (const auto& point : points) {
      for (const std::string& value : knob.values) {
        more.push_back(point);
        more.back().push_back(knob.field + '=' + value);
      }
    }
    points = std::move(more);
  }
  return points;
}

std::string joined_text(const std::vector<std::string>& parts, const std::string& between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

}  // namespace lbsim::planning
