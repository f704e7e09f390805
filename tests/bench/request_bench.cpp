// What a request of the real scenarios costs: CPU ns on either kernel, and its ratio to a bare loop
// (bare_loop.hpp) measured right before it, so that the machine cancels out. One iteration is one
// run, from its tables to its last response; setting up is not counted.
//   ratio             cost of a request over that of the bare loop's
//   in_flight         requests in flight at most: what the cost follows, not page views
//   events_per_s      completions that the kernel told the model
#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "bare_loop.hpp"
#include "scenario/site_reader.hpp"
#include "site/run.hpp"
#include "workload/page_arrivals.hpp"

namespace lbsim::bench {
namespace {

struct Load {
  const char* scenario;
  const char* page_views;
  double seconds;
  std::vector<std::string> settings = {};
};

RunPlan plan_of(const Load& load) {
  std::vector<std::string> settings = load.settings;
  settings.push_back(std::string("workload.page_views=") + load.page_views);
  const std::string file = std::string(LBSIM_SCENARIOS) + "/" + load.scenario + ".toml";
  const auto loaded = std::make_shared<scenario::LoadedScenario>(
      scenario::load_scenario(file, std::move(settings)));
  RunPlan plan;
  plan.site = loaded->site;
  plan.window = loaded->window;
  plan.window.length_s = load.seconds;
  plan.arrivals = [loaded, window = plan.window] {
    return std::make_unique<PageArrivals>(loaded->site.workload, loaded->day_curve, window,
                                          loaded->site.seed);
  };
  return plan;
}

void report(benchmark::State& state, double requests, double cpu_s, double events, double in_flight,
            double mean_s, double seconds) {
  const double bare_s =
      bare_loop_s(static_cast<std::uint64_t>(requests), requests / seconds, mean_s);
  state.counters["ns_per_request"] = cpu_s / requests * 1e9;
  state.counters["bare_ns"] = bare_s / requests * 1e9;
  state.counters["ratio"] = cpu_s / bare_s;
  state.counters["events_per_s"] = events / cpu_s;
  state.counters["in_flight"] = in_flight;
}

void native(benchmark::State& state, const Load& load) {
  const RunPlan plan = plan_of(load);
  for (auto _ : state) {
    const RunResult r = run_site(plan);
    state.SetIterationTime(r.cpu_s);
    report(state, static_cast<double>(r.recorder.generated_count()), r.cpu_s,
           static_cast<double>(r.events), r.requests_in_flight_max, r.recorder.latency().mean_s(),
           load.seconds);
  }
}

struct Measured {
  double requests, cpu_s, events, in_flight, mean_s;
};

// SimGrid runs once in a process, so each run has one of its own.
Measured in_a_process(const RunPlan& plan) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) {
    const RunResult r = run_site(plan);
    const Measured m{static_cast<double>(r.recorder.generated_count()), r.cpu_s,
                     static_cast<double>(r.events), static_cast<double>(r.requests_in_flight_max),
                     r.recorder.latency().mean_s()};
    const bool written = write(pipe_ends[1], &m, sizeof m) == sizeof m;
    _exit(written ? 0 : 1);
  }
  close(pipe_ends[1]);
  Measured m{};
  const bool is_whole = read(pipe_ends[0], &m, sizeof m) == sizeof m;
  close(pipe_ends[0]);
  waitpid(child, nullptr, 0);
  if (!is_whole) std::abort();
  return m;
}

void simgrid(benchmark::State& state, const Load& load) {
  RunPlan plan = plan_of(load);
  plan.kernel = KernelKind::simgrid;
  for (auto _ : state) {
    const Measured m = in_a_process(plan);
    state.SetIterationTime(m.cpu_s);
    report(state, m.requests, m.cpu_s, m.events, m.in_flight, m.mean_s, load.seconds);
  }
}

void add(const std::string& name, void (*run)(benchmark::State&, const Load&), const Load& load) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [run, load](benchmark::State& state) { run(state, load); })
      ->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

// Each topology at what it is made for; LVS-DR also from 3M page views, with a few dozen requests
// in flight, to 300M, where the servers' backlogs hold tens of thousands.
void add_all() {
  add("native/dns-only/20M", native, {"dns-only", "20M", 60});
  add("native/nginx/40M", native, {"nginx", "40M", 60});
  add("native/haproxy/50M", native, {"haproxy-keepalived-nginx", "50M", 60});
  add("native/lvs-dr/100M", native, {"lvs-dr-nginx", "100M", 60});
  add("native/lvs-dr/3M", native, {"lvs-dr-nginx", "3M", 600});
  add("native/lvs-dr/30M", native, {"lvs-dr-nginx", "30M", 120});
  add("native/lvs-dr/overloaded/300M", native, {"lvs-dr-nginx", "300M", 30});
  add("native/lvs-dr/one request a page/100M", native,
      {"lvs-dr-nginx", "100M", 600, {"workload.page.assets=0"}});
  for (const char* page_views : {"100K", "1M", "10M"}) {
    add(std::string("simgrid/lvs-dr/") + page_views, simgrid, {"lvs-dr-nginx", page_views, 60});
  }
}

}  // namespace
}  // namespace lbsim::bench

int main(int argc, char** argv) {
  lbsim::bench::add_all();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
