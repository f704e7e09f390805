// The part of the day that is simulated: "busiest-hour", "day" or "20:00-21:30".
#pragma once

#include <string_view>

#include "scenario/units.hpp"
#include "workload/page_arrivals.hpp"

namespace lbsim::scenario {

struct WindowSpec {
  enum class Kind { busiest_hour, day, span };
  Kind kind = Kind::busiest_hour;
  Duration from{};  // of a span, since midnight
  Duration to{};
};

units::Result<WindowSpec> parse_window(std::string_view text);

// Where that is on a day of this shape: the busiest hour begins where the curve's does.
Window window_of(const WindowSpec& spec, const workload::RateCurve& day_curve);

}  // namespace lbsim::scenario
