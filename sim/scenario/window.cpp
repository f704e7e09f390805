#include "scenario/window.hpp"

#include <fmt/format.h>

namespace lbsim::scenario {
namespace {

units::Result<WindowSpec> right(WindowSpec spec) {
  return {.value = spec, .message = {}, .hint = {}};
}

units::Result<WindowSpec> wrong(std::string message) {
  return {.value = {},
          .message = std::move(message),
          .hint = "write busiest-hour, day or HH:MM-HH:MM, for example \"20:00-21:30\""};
}

}  // namespace

units::Result<WindowSpec> parse_window(std::string_view text) {
  if (text == "busiest-hour") return right({WindowSpec::Kind::busiest_hour, {}, {}});
  if (text == "day") return right({WindowSpec::Kind::day, {}, {}});
  const std::size_t dash = text.find('-');
  const auto from = units::parse_clock(text.substr(0, dash));
  const auto to = units::parse_clock(dash == text.npos ? "" : text.substr(dash + 1));
  if (!from || !to) return wrong(fmt::format("cannot read \"{}\" as a window of the day", text));
  if (*to.value <= *from.value) return wrong(fmt::format("\"{}\" ends before it begins", text));
  return right({WindowSpec::Kind::span, *from.value, *to.value});
}

Window window_of(const WindowSpec& spec, const workload::RateCurve& day_curve) {
  if (spec.kind == WindowSpec::Kind::day) return {0, day_curve.period_s()};
  if (spec.kind == WindowSpec::Kind::span) {
    return {to_seconds(spec.from), to_seconds(spec.to - spec.from)};
  }
  const workload::RateCurve::Window busiest = day_curve.busiest(3600);
  return {busiest.from_s, busiest.to_s - busiest.from_s};
}

}  // namespace lbsim::scenario
