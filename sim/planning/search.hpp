// Finding the edge between what holds and what breaks, in few tests. More of a knob never makes a
// site worse: that is taken for granted, not checked.
#pragma once

#include <functional>
#include <optional>
#include <vector>

namespace lbsim::planning {

// The least n in [low, high] for which `holds` is true; none if it is not even at `high`. It
// gallops from `guess` and then halves, so a good guess costs three or four tests.
std::optional<long> least_that_holds(long low, long high, long guess,
                                     const std::function<bool(long)>& holds);

struct Range {
  long low = 0;
  long high = 0;
  long guess = 0;
};

// The cheapest (a, b) for which `holds` is true, or none. `cost` must grow in both. It finds the
// least b with most a, then the least a for that b, and then looks only where a point could be
// cheaper. `holds` is asked of a point once.
std::optional<std::vector<long>> cheapest_that_holds(const Range& a, const Range& b,
                                                     const std::function<bool(long, long)>& holds,
                                                     const std::function<double(long, long)>& cost);

}  // namespace lbsim::planning
