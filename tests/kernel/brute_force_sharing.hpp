// The same rules as the kernel's, in the most direct form: rates per transfer by progressive
// filling at every change, remaining bytes counted down.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace lbsim::kernel {

struct BruteForceSharing {
  struct Flow {
    std::vector<std::size_t> links;
    double latency;
    double bytes;
    bool done = false;
    double end = 0;
    double rate = 0;
    double cap() const { return 4194304.0 / (2 * latency); }
  };

  std::vector<double> capacity;
  std::vector<Flow> flows;
  double now = 0;

  // Raise the level of all flows, in parts of their caps, until a link is full; freeze its flows.
  void fill() {
    std::vector<double> free = capacity;
    std::vector<bool> frozen(flows.size());
    for (Flow& flow : flows) flow.rate = flow.cap();
    for (;;) {
      double lowest = 1;
      std::size_t bottleneck = capacity.size();
      std::vector<double> demand(capacity.size());
      for (std::size_t i = 0; i < flows.size(); ++i) {
        if (flows[i].done || frozen[i]) continue;
        for (const std::size_t l : flows[i].links) demand[l] += flows[i].cap();
      }
      for (std::size_t l = 0; l < capacity.size(); ++l) {
        if (demand[l] > 0 && std::max(free[l], 0.0) / demand[l] < lowest) {
          lowest = std::max(free[l], 0.0) / demand[l];
          bottleneck = l;
        }
      }
      if (bottleneck == capacity.size()) return;
      freeze(bottleneck, lowest, free, frozen);
    }
  }

  // Time goes on to `until`, with all that ends before.
  void advance(double until) {
    while (now < until) {
      fill();
      double next = until;
      for (const Flow& flow : flows) next = std::min(next, end_of(flow));
      for (Flow& flow : flows) {
        if (flow.done) continue;
        const bool ends = end_of(flow) <= next;
        flow.bytes -= flow.rate * (next - now);
        if (ends) {
          flow.done = true;
          flow.end = next;
        }
      }
      now = next;
    }
  }

 private:
  // Rounded up to whole ps, as the kernel does; links are free again from that date on.
  double end_of(const Flow& flow) const {
    if (flow.done || flow.rate <= 0) return std::numeric_limits<double>::infinity();
    return std::ceil((now + flow.bytes / flow.rate) * 1e12) * 1e-12;
  }

  void freeze(std::size_t link, double level, std::vector<double>& free,
              std::vector<bool>& frozen) {
    for (std::size_t i = 0; i < flows.size(); ++i) {
      Flow& flow = flows[i];
      if (flow.done || frozen[i] || std::ranges::count(flow.links, link) == 0) continue;
      frozen[i] = true;
      flow.rate = flow.cap() * level;
      for (const std::size_t l : flow.links) free[l] -= flow.rate;
    }
  }
};

}  // namespace lbsim::kernel
