// Nodes of both kernels against brute force.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "../support/story.hpp"
#include "core/random.hpp"
#include "kernel/native.hpp"
#include "kernel/simgrid.hpp"

namespace lbsim::kernel {
namespace {

using test::Ended;
using test::named;

struct Job {
  Duration at;
  double work_s;
};

std::vector<Job> random_jobs(int count, double mean_gap_s) {
  Random random(42);
  std::vector<Job> jobs;
  double at = 0;
  for (int i = 0; i < count; ++i) {
    at += random.exponential() * mean_gap_s;
    const double work = random.exponential() * 1e-3;
    jobs.push_back({from_seconds(at), work});
  }
  return jobs;
}

// End dates by job, in ps.
template <class K>
std::vector<std::int64_t> simulated(const std::vector<Job>& jobs, NodeSpec spec) {
  const auto ended = test::told<K>([&](auto& story) {
    const NodeId node = story.kernel.add_node(spec);
    for (std::uint32_t i = 0; i < jobs.size(); ++i) {
      story.at(jobs[i].at,
               [&story, &jobs, node, i] { story.kernel.exec(node, jobs[i].work_s, named(i)); });
    }
  });
  std::vector<std::int64_t> ends(jobs.size(), -1);
  for (const Ended& e : ended) ends[e.what] = e.at_ps;
  return ends;
}

template <class K>
class KernelStations : public testing::Test {};

using Kernels = testing::Types<SimgridKernel, NativeKernel>;
// NativeKernel hands a freed share on at the next whole picosecond, so a busy period of n ends may
// run late by n of them; SimGrid at once.
template <class K>
constexpr double slack_ps = std::is_same_v<K, NativeKernel> ? 500 : 4;

TYPED_TEST_SUITE(KernelStations, Kernels);

TYPED_TEST(KernelStations, FifoEndsEachJobAtItsBruteForceDateToThePicosecond) {
  // Each job starts on the worker that is free first and not before it arrives.
  const auto jobs = random_jobs(3'000, 0.4e-3);
  const NodeSpec spec{.speed = 0.9, .cores = 3, .discipline = Discipline::fifo};
  const auto ends = simulated<TypeParam>(jobs, spec);
  std::vector<std::int64_t> free(3, 0);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    auto first = std::ranges::min_element(free);
    *first =
        std::max(*first, jobs[i].at.count()) + from_seconds(jobs[i].work_s / spec.speed).count();
    ASSERT_EQ(ends[i], *first) << "job " << i;
  }
}

// Processor sharing by definition: between events all n jobs run at speed * min(1, cores / n).
std::vector<double> shared_ends_ps(const std::vector<Job>& jobs, NodeSpec spec) {
  std::vector<double> left(jobs.size(), 0);
  std::vector<double> ends(jobs.size(), -1);
  std::vector<std::size_t> present;
  double now = 0;
  for (std::size_t next = 0; next < jobs.size() || !present.empty();) {
    const double n = static_cast<double>(present.size());
    const double rate = spec.speed * std::min(1.0, spec.cores / std::max(n, 1.0));
    const double arrival =
        next < jobs.size() ? static_cast<double>(jobs[next].at.count()) : INFINITY;
    double until = arrival;
    for (const std::size_t j : present) until = std::min(until, now + left[j] / rate);
    for (const std::size_t j : present) left[j] -= (until - now) * rate;
    now = until;
    std::erase_if(present, [&](std::size_t j) {
      if (left[j] > 1e-4) return false;
      ends[j] = now;
      return true;
    });
    if (now == arrival) {
      left[next] = jobs[next].work_s * 1e12;
      present.push_back(next++);
    }
  }
  return ends;
}

TYPED_TEST(KernelStations, ProcessorSharingEndsEachJobWithinPicosecondsOfItsBruteForceDate) {
  const auto jobs = random_jobs(3'000, 0.4e-3);
  const NodeSpec spec{.speed = 0.9, .cores = 3, .discipline = Discipline::ps};
  const auto ends = simulated<TypeParam>(jobs, spec);
  const auto expected = shared_ends_ps(jobs, spec);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(ends[i]), expected[i] + 0.5, slack_ps<TypeParam>)
        << "job " << i;
  }
}

}  // namespace
}  // namespace lbsim::kernel
