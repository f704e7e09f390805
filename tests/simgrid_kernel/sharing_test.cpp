// Random histories of transfers on both kernels against the definition of CM02, refilled from
// nothing at every event: max-min fair, weighted by 1 / latency, capped at gamma / (2 * latency).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../support/story.hpp"
#include "core/random.hpp"
#include "kernel/native.hpp"
#include "kernel/simgrid.hpp"

namespace lbsim::kernel {
namespace {

using test::Ended;
using test::named;

struct Way {
  std::vector<std::size_t> links;
  Duration latency;
};

struct Transfer {
  std::size_t way;
  Duration at;
  double bytes;
};

struct History {
  std::vector<double> links;  // bytes/s
  std::vector<Way> ways;
  std::vector<Transfer> transfers;
};

History random_history(std::uint64_t seed, double bytes_per_s) {
  Random random(seed);
  History h;
  for (int i = 0; i < 6; ++i) h.links.push_back(bytes_per_s * (1 + random.uniform()));
  for (int i = 0; i < 12; ++i) {
    Way way;
    for (std::size_t l = 0; l < h.links.size(); ++l) {
      if (random.below(3) == 0) way.links.push_back(l);
    }
    if (way.links.empty()) way.links.push_back(0);
    way.latency = microseconds(static_cast<std::int64_t>(100 + random.below(20'000)));
    h.ways.push_back(way);
  }
  double at = 0;
  for (int i = 0; i < 500; ++i) {
    at += random.exponential() * 3e4 / bytes_per_s;
    const std::size_t way = random.below(h.ways.size());
    const double bytes = std::ceil(random.exponential() * 5e4);
    h.transfers.push_back({way, from_seconds(at), bytes});
  }
  return h;
}

struct Flow {
  std::size_t number;
  const Way* way;
  long double left;
  long double rate = 0;
};

// Raises the common level of rate * latency; at each step the link that is full first holds its
// flows.
void refill(const History& h, std::vector<Flow>& flows) {
  std::vector<long double> free(h.links.begin(), h.links.end());
  const auto uses = [](const Flow& f, std::size_t l) {
    return std::ranges::count(f.way->links, l) > 0;
  };
  const auto weight = [](const Flow& f) { return 1.0L / to_seconds(f.way->latency); };
  for (Flow& f : flows) f.rate = 0;
  for (;;) {
    long double level = kTcpGamma / 2;
    std::size_t first = h.links.size();
    for (std::size_t l = 0; l < h.links.size(); ++l) {
      long double weights = 0;
      for (const Flow& f : flows) weights += f.rate == 0 && uses(f, l) ? weight(f) : 0;
      if (weights == 0 || free[l] / weights >= level) continue;
      level = free[l] / weights;
      first = l;
    }
    for (Flow& f : flows) {
      if (f.rate > 0 || (first < h.links.size() && !uses(f, first))) continue;
      f.rate = level * weight(f);
      for (const std::size_t l : f.way->links) free[l] -= f.rate;
    }
    if (first == h.links.size()) return;
  }
}

// Dates at which the transfers end, in seconds.
std::vector<long double> refilled_ends(const History& h) {
  std::vector<std::pair<long double, std::size_t>> starts;  // of the bytes, after the latency
  for (std::size_t i = 0; i < h.transfers.size(); ++i) {
    const Duration start = h.transfers[i].at + h.ways[h.transfers[i].way].latency;
    starts.emplace_back(static_cast<long double>(start.count()) * 1e-12L, i);
  }
  std::ranges::sort(starts);
  std::vector<long double> ends(h.transfers.size());
  std::vector<Flow> flows;
  long double now = 0;
  for (std::size_t next = 0; next < starts.size() || !flows.empty();) {
    refill(h, flows);
    long double until =
        next < starts.size() ? starts[next].first : std::numeric_limits<long double>::infinity();
    for (const Flow& f : flows) until = std::min(until, now + f.left / f.rate);
    for (Flow& f : flows) f.left -= f.rate * (until - now);
    now = until;
    std::erase_if(flows, [&](const Flow& f) {
      if (f.left > 1e-8L) return false;
      ends[f.number] = now;
      return true;
    });
    for (; next < starts.size() && starts[next].first <= now; ++next) {
      const Transfer& t = h.transfers[starts[next].second];
      flows.push_back({starts[next].second, &h.ways[t.way], t.bytes});
    }
  }
  return ends;
}

template <class K>
std::vector<Ended> simulated(const History& h) {
  return test::told<K>([&](auto& story) {
    auto& kernel = story.kernel;
    std::vector<LinkId> links;
    for (const double b : h.links) links.push_back(kernel.add_link({.bytes_per_s = b}));
    std::vector<RouteId> routes;
    for (const Way& way : h.ways) {
      std::vector<LinkId> passed;
      for (const std::size_t l : way.links) passed.push_back(links[l]);
      const NodeId from = kernel.add_node({});
      const NodeId to = kernel.add_node({});
      routes.push_back(kernel.add_route(from, to, passed, way.latency));
    }
    for (std::uint32_t i = 0; i < h.transfers.size(); ++i) {
      const Transfer& transfer = h.transfers[i];
      const RouteId route = routes[transfer.way];
      story.at(transfer.at,
               [&kernel, &transfer, route, i] { kernel.send(route, transfer.bytes, named(i)); });
    }
  });
}

template <class K>
class KernelSharing : public testing::Test {};

using Kernels = testing::Types<SimgridKernel, NativeKernel>;
// NativeKernel hands a freed share on at the next whole picosecond, so a busy period of n ends may
// run late by n of them; SimGrid at once.
template <class K>
constexpr double slack_ps = std::is_same_v<K, NativeKernel> ? 500 : 4;

TYPED_TEST_SUITE(KernelSharing, Kernels);

TYPED_TEST(KernelSharing, IsCm02ToAFewPicoseconds) {
  // Links that bind all; some; next to none, and gamma binds instead.
  for (const double bytes_per_s : {1e6, 1e8, 1e10}) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      const History h = random_history(seed, bytes_per_s);
      const auto expected = refilled_ends(h);
      const auto ended = simulated<TypeParam>(h);
      ASSERT_EQ(ended.size(), h.transfers.size());
      for (const Ended& e : ended) {
        const auto expected_ps = static_cast<double>(expected[e.what] * 1e12L);
        ASSERT_NEAR(static_cast<double>(e.at_ps), expected_ps + 0.5, slack_ps<TypeParam>)
            << "transfer " << e.what << " at " << bytes_per_s << " B/s, seed " << seed;
      }
    }
  }
}

}  // namespace
}  // namespace lbsim::kernel
