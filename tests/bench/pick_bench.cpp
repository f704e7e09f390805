// Cost of a pick, by algorithm and number of servers: of the catalog's object and, where there is
// one, of the plain scan with the same picks. A step is a request's end and another's begin.
#include <benchmark/benchmark.h>

#include <functional>

#include "algorithms/dns/factory.hpp"
#include "core/error.hpp"
#include "pick_farms.hpp"

namespace lbsim::algorithms {
namespace {

constexpr std::int64_t kServers[] = {16, 256, 4096};

const char* text(Weights weights) { return weights == Weights::equal ? "equal" : "mixed"; }

// The state is made once per run, outside the timing, and has found its balance before that.
template <class Step>
void measure(benchmark::State& state, std::size_t servers, Step&& step) {
  for (std::size_t i = 0; i < 20'000 + 4 * servers; ++i) step();
  for (auto _ : state) step();
}

using Run = std::function<void(benchmark::State&, Weights, std::size_t servers)>;

// "pick/nginx/least_conn/mixed/256"; `kind`: pick or plain.
void add(const std::string& kind, const std::string& name, Weights weights, const Run& run) {
  for (const std::int64_t servers : kServers) {
    const std::string full =
        kind + "/" + name + "/" + text(weights) + "/" + std::to_string(servers);
    benchmark::RegisterBenchmark(full.c_str(), [=](benchmark::State& state) {
      run(state, weights, static_cast<std::size_t>(servers));
    });
  }
}

void add_both_weights(const std::string& kind, const std::string& name, const Run& run) {
  add(kind, name, Weights::equal, run);
  add(kind, name, Weights::mixed, run);
}

Run nginx_plain(const std::string& method) {
  return [method](benchmark::State& state, Weights weights, std::size_t servers) {
    PoolConfig config;
    config.servers = servers_of(weights, servers);
    nginx::Plain plain(method, config);
    Draws draws;
    std::vector<nginx::Plain::Visit> in_flight(2 * servers);
    for (auto& visit : in_flight) plain.begin(visit, draws.next(), 0);
    measure(state, servers, [&] {
      nginx::Plain::Visit& visit = in_flight[draws.below(in_flight.size())];
      plain.end(visit);
      visit = {};
      plain.begin(visit, draws.next(), 0);
    });
  };
}

void leastconn_plain(benchmark::State& state, Weights weights, std::size_t servers) {
  haproxy::PlainLeastconn plain(servers_of(weights, servers));
  Draws draws;
  std::vector<ServerId> in_flight(2 * servers);
  for (ServerId& server : in_flight) server = plain.begin();
  measure(state, servers, [&] {
    ServerId& server = in_flight[draws.below(in_flight.size())];
    plain.end(server);
    server = plain.begin();
  });
}

Run ipvs_pick(const std::string& name) {
  return [name](benchmark::State& state, Weights weights, std::size_t servers) {
    DirectorFarm farm(weights, servers);
    const std::unique_ptr<ipvs::Scheduler> scheduler =
        ipvs::make_scheduler(name, {.servers = farm.list(), .flags = {}});
    const bool follows = scheduler->follows_load();
    measure(state, servers, [&] {
      farm.step([&](const ipvs::Flow& flow) { return scheduler->pick(flow, 0); },
                [&](ServerId id) {
                  if (follows) scheduler->load_changed(id);
                });
    });
  };
}

template <class Beats>
Run ipvs_plain(Beats beats) {
  return [beats](benchmark::State& state, Weights weights, std::size_t servers) {
    DirectorFarm farm(weights, servers);
    measure(state, servers, [&] {
      farm.step([&](const ipvs::Flow&) { return ipvs::plain_scan(farm.list(), beats); },
                [](ServerId) {});
    });
  };
}

// An authority's answer; there are no more addresses than fit one.
void add_answers(const std::string& name) {
  constexpr std::size_t kAddresses = 16;
  const auto run = [name](benchmark::State& state) {
    std::vector<dns::Record> records;
    for (std::uint32_t i = 0; i < kAddresses; ++i) {
      records.push_back({"a" + std::to_string(i), Address::v4(0xC0000200 + i), 1});
    }
    const dns::RecordTable table(records);
    Random random(1);
    dns::AuthorityConfig config;
    config.records = &table;
    config.random = &random;
    config.dnsdist_servers.resize(kAddresses);
    config.datacenters.resize(2);
    for (std::size_t i = 0; i < kAddresses; ++i) {
      config.datacenters[i % 2].addresses.push_back(static_cast<dns::RecordIndex>(i));
    }
    try {
      const auto authority = dns::make_authority(name, config);
      Draws draws;
      measure(state, kAddresses, [&] {
        dns::Query query;
        query.id = static_cast<std::uint16_t>(draws.next());
        query.source = Address::v4(draws.next());
        query.name = "www.example.org";
        benchmark::DoNotOptimize(authority->answer(query, kTimeZero));
      });
    } catch (const InputError&) {
      state.SkipWithError("is no authority, or needs a map of the world");
    }
  };
  benchmark::RegisterBenchmark(("pick/dns/" + name + "/equal/16").c_str(), run);
}

void add_catalog() {
  for (const AlgorithmSpec& spec : catalog()) {
    const std::string name = spec.family + "/" + spec.name;
    if (spec.make) {
      add_both_weights("pick", name, [spec](auto& state, Weights weights, std::size_t servers) {
        UpstreamFarm farm(spec, weights, servers);
        measure(state, servers, [&] { farm.step(); });
      });
    } else if (spec.family == "ipvs") {
      add_both_weights("pick", name, ipvs_pick(spec.name));
    } else if (spec.family == "dns") {
      add_answers(spec.name);
    }
  }
}

void add_plain() {
  for (const char* method :
       {"round_robin", "least_conn", "ip_hash", "random", "random_two_least_conn"}) {
    add_both_weights("plain", std::string("nginx/") + method, nginx_plain(method));
  }
  add_both_weights("plain", "haproxy/leastconn", leastconn_plain);
  const auto ipvs = [](const char* name, auto beats) {
    add_both_weights("plain", std::string("ipvs/") + name, ipvs_plain(beats));
  };
  ipvs("lc", [](const auto& a, const auto& b) { return ipvs::lc_beats(a, b); });
  ipvs("wlc", [](const auto& a, const auto& b) { return ipvs::wlc_beats(a, b); });
  ipvs("sed", [](const auto& a, const auto& b) { return ipvs::sed_beats(a, b); });
  ipvs("nq", [](const auto& a, const auto& b) { return ipvs::nq_beats(a, b); });
  ipvs("fo", [](const auto& a, const auto& b) { return ipvs::fo_beats(a, b); });
}

}  // namespace

int measure_picks(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  add_catalog();
  add_plain();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace lbsim::algorithms

int main(int argc, char** argv) { return lbsim::algorithms::measure_picks(argc, argv); }
