#include "planning/search.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace lbsim::planning {

std::optional<long> least_that_holds(long low, long high, long guess,
                                     const std::function<bool(long)>& holds) {
  guess = std::clamp(guess, low, high);
  long breaks = low - 1;  // the most that is known to break
  long held = high + 1;   // the least that is known to hold
  long step = 1;
  if (holds(guess)) {
    held = guess;
    while (held > low) {
      const long next = std::max(low, held - step);
      if (!holds(next)) {
        breaks = next;
        break;
      }
      held = next;
      step *= 2;
    }
  } else {
    breaks = guess;
    while (breaks < high) {
      const long next = std::min(high, breaks + step);
      if (holds(next)) {
        held = next;
        break;
      }
      breaks = next;
      step *= 2;
    }
    if (held > high) return std::nullopt;
  }
  while (held - breaks > 1) {
    const long middle = breaks + (held - breaks) / 2;
    (holds(middle) ? held : breaks) = middle;
  }
  return held;
}

std::optional<std::vector<long>> cheapest_that_holds(
    const Range& a, const Range& b, const std::function<bool(long, long)>& holds,
    const std::function<double(long, long)>& cost) {
  std::map<std::pair<long, long>, bool> known;
  const auto ask = [&](long x, long y) {
    const auto found = known.find({x, y});
    if (found != known.end()) return found->second;
    return known[{x, y}] = holds(x, y);
  };
  const auto least_b =
      least_that_holds(b.low, b.high, b.guess, [&](long y) { return ask(a.high, y); });
  if (!least_b) return std::nullopt;
  long y = *least_b;
  long x = *least_that_holds(a.low, a.high, a.guess, [&](long n) { return ask(n, y); });
  std::vector<long> best = {x, y};
  // Fewer of a may do with more of b: along the edge, as long as that could be cheaper.
  for (--x; x >= a.low; --x) {
    while (y <= b.high && cost(x, y) < cost(best[0], best[1]) && !ask(x, y)) ++y;
    if (y > b.high || cost(x, y) >= cost(best[0], best[1])) {
      // Nothing cheaper with this many of a; with still fewer, no smaller b can hold either.
      if (y > b.high) break;
      continue;
    }
    best = {x, y};
  }
  return best;
}

}  // namespace lbsim::planning
