// The two kernels tell the same site the same way: every pick, and the response times' mean and
// p99. SimGrid shares no line with NativeKernel, so what they agree on neither has invented.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "../support/child.hpp"
#include "kernel/native.hpp"
#include "kernel/simgrid.hpp"
#include "site.hpp"

namespace lbsim::agreement {
namespace {

using kernel::NativeKernel;
using kernel::SimgridKernel;

template <class K>
std::vector<Request> simulated(const Setting& setting) {
  return test::in_child<Request>([&] { return Site<K>(setting).run(); });
}

template <class K>
std::string pool_before(const Setting& setting, std::uint32_t pick) {
  const auto text = test::in_child<char>([&] {
    Site<K> site(setting, pick);
    site.run();
    const std::string pool = site.pool();
    return std::vector<char>(pool.begin(), pool.end());
  });
  return {text.begin(), text.end()};
}

struct Summary {
  std::size_t ok = 0;
  double mean_ms = 0;
  double p99_ms = 0;
};

Summary summary(const std::vector<Request>& requests) {
  std::vector<std::int64_t> times;
  double sum = 0;
  for (const Request& r : requests) {
    if (!r.ok) continue;
    times.push_back(r.ended_ps - r.picked_ps);
    sum += static_cast<double>(times.back());
  }
  std::ranges::sort(times);
  const double count = static_cast<double>(times.size());
  return {times.size(), sum / count * 1e-9,
          static_cast<double>(times[times.size() * 99 / 100]) * 1e-9};
}

// FNV-1a over the picks in order.
std::uint64_t digest(const std::vector<Request>& requests) {
  std::uint64_t hash = 14695981039346656037u;
  for (const Request& r : requests) hash = (hash ^ r.server) * 1099511628211u;
  return hash;
}

std::string first_difference(const Setting& setting, const std::vector<Request>& native,
                             const std::vector<Request>& simgrid) {
  std::uint32_t i = 0;
  while (i < native.size() && i < simgrid.size() && native[i].server == simgrid[i].server) ++i;
  if (i >= native.size() || i >= simgrid.size()) return "numbers of picks differ";
  return "pick " + std::to_string(i) + "\n  native  at " + std::to_string(native[i].picked_ps) +
         " ps: server " + std::to_string(native[i].server) + " of" +
         pool_before<NativeKernel>(setting, i) + "\n  simgrid at " +
         std::to_string(simgrid[i].picked_ps) + " ps: server " + std::to_string(simgrid[i].server) +
         " of" + pool_before<SimgridKernel>(setting, i);
}

std::int64_t largest_gap_ps(const std::vector<Request>& a, const std::vector<Request>& b) {
  std::int64_t gap = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    gap = std::max(gap, std::abs(a[i].ended_ps - b[i].ended_ps));
  }
  return gap;
}

class Agreement : public testing::TestWithParam<Setting> {};

TEST_P(Agreement, OnEveryPickAndOnMeanAndP99) {
  const Setting& setting = GetParam();
  const auto native = simulated<NativeKernel>(setting);
  const auto simgrid = simulated<SimgridKernel>(setting);
  ASSERT_EQ(native.size(), setting.requests);
  ASSERT_EQ(simgrid.size(), setting.requests);
  EXPECT_EQ(digest(native), digest(simgrid)) << first_difference(setting, native, simgrid);
  const Summary a = summary(native);
  const Summary b = summary(simgrid);
  EXPECT_EQ(a.ok, b.ok);
  // A picosecond's rounding of one flow's end grows by the ratio of the rates that another has then
  // and later: to some nanoseconds where latencies differ by a factor of 65.
  EXPECT_NEAR(a.mean_ms / b.mean_ms, 1, 1e-9);
  EXPECT_NEAR(a.p99_ms / b.p99_ms, 1, 1e-7);
  RecordProperty("largest_gap_ps", std::to_string(largest_gap_ps(native, simgrid)));
  std::printf("mean %.6f ms, p99 %.6f ms, %zu of %zu ok, no end differs by more than %lld ps\n",
              b.mean_ms, b.p99_ms, b.ok, simgrid.size(),
              static_cast<long long>(largest_gap_ps(native, simgrid)));
}

Setting base(std::string name) {
  Setting s;
  s.name = std::move(name);
  return s;
}

std::vector<Setting> settings() {
  std::vector<Setting> all;
  for (const Picker picker : {Picker::weighted_round_robin, Picker::weighted_least_connections}) {
    const std::string by = picker == Picker::weighted_round_robin ? "_wrr" : "_wlc";
    Setting one = base("one_bottleneck" + by);

    Setting two = base("two_bottlenecks" + by);
    two.card_bytes_per_s = 6e6;

    Setting groups = base("eight_latencies" + by);
    groups.latencies = {microseconds(100),  microseconds(300),  microseconds(700),
                        microseconds(1200), microseconds(2000), microseconds(3100),
                        microseconds(4700), microseconds(6500)};

    Setting wide = base("wide" + by);
    wide.servers = 160;
    wide.requests_per_s = 15'000;
    wide.work_s = 10e-3;
    wide.card_bytes_per_s = 6e6;
    wide.access_bytes_per_s = 400e6;

    Setting crash = base("crash_and_repair" + by);
    crash.card_bytes_per_s = 6e6;
    crash.crash = seconds(20);
    crash.repair = seconds(40);

    Setting shared = base("processor_sharing" + by);
    shared.discipline = kernel::Discipline::ps;
    shared.work_s = 12e-3;

    Setting crowd = base("thousand_flows" + by);
    crowd.requests = 10'000;
    crowd.closed_clients = 1'000;
    crowd.requests_per_s = 1e6;  // no pause worth the name between a client's requests
    crowd.work_s = 1e-4;

    for (Setting& s : std::vector{one, two, groups, wide, crash, shared, crowd}) {
      s.picker = picker;
      // A server's load matters to one of them only; the slow cases need no second witness.
      const bool slow = s.servers > 100 || s.closed_clients > 0;
      if (!slow || picker == Picker::weighted_least_connections) all.push_back(s);
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Kernels, Agreement, testing::ValuesIn(settings()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace lbsim::agreement
