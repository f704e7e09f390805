// The least that a discrete-event simulation of a request can do: the draws of the real model and
// five events through a binary heap, with as many requests in flight. What `lbsim run` costs is
// stated as a ratio to this, measured in the same process, so that the machine cancels out.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <vector>

#include "core/random.hpp"

namespace lbsim::bench {

// Seconds of CPU for `requests` requests at `rate_per_s` that stay `stay_s` each on average.
inline double bare_loop_s(std::uint64_t requests, double rate_per_s, double stay_s) {
  struct Event {
    std::int64_t at_ps;
    std::uint32_t request;
    std::uint32_t stage;
  };
  const auto later = [](const Event& a, const Event& b) { return a.at_ps > b.at_ps; };
  Random random(1);
  std::vector<Event> heap;
  std::uint64_t started = 0;
  double sum_bytes = 0;
  const auto push = [&](std::int64_t at_ps, std::uint32_t request, std::uint32_t stage) {
    heap.push_back({at_ps, request, stage});
    std::push_heap(heap.begin(), heap.end(), later);
  };
  const std::clock_t begin = std::clock();
  push(0, 0, 0);
  while (!heap.empty()) {
    const Event event = heap.front();
    std::pop_heap(heap.begin(), heap.end(), later);
    heap.pop_back();
    if (event.stage == 0 && ++started < requests) {
      const double gap = random.exponential() / rate_per_s;
      push(event.at_ps + static_cast<std::int64_t>(gap * 1e12), 0, 0);
      sum_bytes += random.uniform();
    }
    if (event.stage == 4) continue;
    const double stay = event.stage == 2 ? 0.6 * random.exponential() : 0.1;
    push(event.at_ps + static_cast<std::int64_t>(stay * stay_s * 1e12), event.request,
         event.stage + 1);
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  return sum_bytes < 0 ? 0 : seconds;
}

}  // namespace lbsim::bench
