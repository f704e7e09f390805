// Cost of each of the native kernel's services, in ns per item (see items_per_second).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <vector>

#include "core/random.hpp"
#include "kernel/native.hpp"

namespace lbsim::kernel {
namespace {

constexpr int kBatch = 1000;  // completions per iteration

// Every completion asks for the next: a fixed number of things stays pending.
template <class Next>
struct Loop {
  NativeKernel& kernel;
  Next next;
  int pending;
  int left = 0;
  bool begun = false;

  void start() {
    for (int i = 0; !begun && i < pending; ++i) next(static_cast<std::uint32_t>(i));
    begun = true;
    left = kBatch;
  }
  void on(Token token, Outcome) {
    next(token.index);
    if (--left == 0) kernel.stop();
  }
};

template <class Next>
void measure(benchmark::State& state, NativeKernel& kernel, int pending, Next next) {
  Loop<Next> loop{kernel, next, pending};
  for (int i = 0; i < 2 + 4 * pending / kBatch; ++i) kernel.run(loop);
  for (auto _ : state) kernel.run(loop);
  state.SetItemsProcessed(state.iterations() * kBatch);
  state.counters["ns_per_item"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kBatch * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// A table of random numbers, so that drawing them costs next to nothing.
std::vector<double> exponentials() {
  Random random(1);
  std::vector<double> table(1 << 12);
  for (double& x : table) x = random.exponential();
  return table;
}

void timer(benchmark::State& state) {
  NativeKernel k;
  const std::vector<double> x = exponentials();
  std::size_t i = 0;
  measure(state, k, static_cast<int>(state.range(0)), [&](std::uint32_t id) {
    k.after(Duration{static_cast<std::int64_t>(x[++i & 4095] * 1e9)}, {.index = id});
  });
}
BENCHMARK(timer)->Arg(10)->Arg(1000)->Arg(30000);

void lane(benchmark::State& state) {
  NativeKernel k;
  std::vector<LaneId> lanes;
  for (int i = 0; i < state.range(0); ++i) lanes.push_back(k.add_lane());
  const auto n = static_cast<std::uint32_t>(lanes.size());
  measure(state, k, 1000, [&](std::uint32_t id) {
    k.post(lanes[id % n], k.now() + microseconds(1 + id % n), {.index = id});
  });
}
BENCHMARK(lane)->Arg(1)->Arg(8)->Arg(256);

void station(benchmark::State& state, Discipline discipline) {
  NativeKernel k;
  const std::vector<double> x = exponentials();
  std::vector<NodeId> nodes;
  for (int i = 0; i < state.range(0); ++i) {
    nodes.push_back(
        k.add_node({.cores = static_cast<int>(state.range(1)), .discipline = discipline}));
  }
  std::size_t i = 0;
  const auto jobs = static_cast<int>(state.range(2));
  const auto n = static_cast<std::uint32_t>(nodes.size());
  measure(state, k, jobs, [&](std::uint32_t id) {
    const std::uint32_t node = static_cast<std::uint32_t>(++i * 2654435761U >> 7) % n;
    k.exec(nodes[node], x[i & 4095] * 1e-3, {.index = id});
  });
}
void fifo(benchmark::State& state) { station(state, Discipline::fifo); }
void ps(benchmark::State& state) { station(state, Discipline::ps); }
BENCHMARK(fifo)->Args({64, 1, 128})->Args({1024, 1, 2048})->Args({64, 8, 1024});
BENCHMARK(ps)->Args({64, 1, 128})->Args({1024, 1, 2048})->Args({64, 8, 1024});

// Servers' NICs (leaves) behind one uplink (hub). What binds: 0 nothing, 1 the hub, 2 hub and NICs.
void transfer(benchmark::State& state) {
  NativeKernel k;
  const std::vector<double> x = exponentials();
  const auto flows = static_cast<int>(state.range(0));
  const auto servers = static_cast<std::size_t>(state.range(1));
  const auto latencies = static_cast<std::size_t>(state.range(2));
  const auto binds = state.range(3);
  const double flow_cap = kTcpGamma / (2 * 0.010);
  const double all = flow_cap * flows;
  const LinkId hub = k.add_link({.bytes_per_s = binds >= 1 ? all * 0.02 : all * 100});
  const NodeId client = k.add_node({});
  std::vector<RouteId> routes;
  Random random(3);
  for (std::size_t s = 0; s < servers; ++s) {
    const double share = std::max(all * 0.02 / static_cast<double>(servers), flow_cap * 0.02);
    const double leaf = share * (0.5 + random.uniform() * 2);
    const LinkId nic = k.add_link({.bytes_per_s = binds == 2 ? leaf : all * 100});
    const NodeId node = k.add_node({});
    const std::vector<LinkId> links{nic, hub};
    for (std::size_t l = 0; l < latencies; ++l) {
      routes.push_back(
          k.add_route(node, client, links, milliseconds(10 + 5 * static_cast<int>(l))));
    }
  }
  std::size_t i = 0;
  measure(state, k, flows, [&](std::uint32_t id) {
    const std::size_t way = static_cast<std::uint32_t>(++i * 2654435761U >> 7) % routes.size();
    // Long enough for most of the flows to be past their latency.
    k.send(routes[way], x[i & 4095] * flow_cap * 0.05 + 1, {.index = id});
  });
}
BENCHMARK(transfer)
    ->ArgNames({"flows", "servers", "latencies", "binds"})
    ->ArgsProduct({{10, 1000, 30000}, {16, 1024}, {1, 8}, {0, 1, 2}});

}  // namespace
}  // namespace lbsim::kernel
