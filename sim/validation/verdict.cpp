#include "validation/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/random.hpp"
#include "validation/site_replay.hpp"

namespace lbsim::validation {
namespace {

constexpr Quantities kExact = {0.5, 0.5, 0.5, 0.5};
constexpr Quantities kUnrepeated = {1, 3, 4, 6};
constexpr std::size_t kJitteredRuns = 12;
constexpr double kJitter = 0.6;  // of the way to the server, sooner or later
constexpr std::size_t kSeeds = 30;

using Spreads = std::map<std::string, Quantities>;  // by plan

// The range of each quantity over the repetitions of a plan, in percent of their mean.
Spreads spreads_of(const std::vector<RecordedRun>& runs) {
  std::map<std::string, std::vector<Quantities>> repetitions;
  for (const RecordedRun& run : runs) {
    if (run.repeated) repetitions[run.plan].push_back(recorded_latencies(run).us);
  }
  Spreads spreads;
  for (const auto& [plan, sets] : repetitions) {
    if (sets.size() < 2) continue;
    const Quantities mean = mean_of(sets);
    for (std::size_t q = 0; q < kQuantities; ++q) {
      const auto [least, most] = std::minmax_element(
          sets.begin(), sets.end(), [q](const auto& a, const auto& b) { return a[q] < b[q]; });
      spreads[plan][q] = mean[q] > 0 ? 100 * ((*most)[q] - (*least)[q]) / mean[q] : 0;
    }
  }
  return spreads;
}

// Errors of free runs that differ in when requests come to the balancer: by up to kJitter of their
// way through the site to the server.
std::vector<Quantities> jittered_errors(const RecordedRun& run, const Latencies& recorded) {
  const double way_us = run.overhead.client_us + run.overhead.server_us;
  std::vector<Quantities> errors;
  for (std::size_t i = 0; i < kJitteredRuns; ++i) {
    Random random(i + 1, "validation/jitter");
    ReplayPlan plan;
    for (std::size_t r = 0; r < run.requests.size(); ++r) {
      plan.delays_us.push_back((2 * random.uniform() - 1) * kJitter * way_us);
    }
    errors.push_back(error_percent(simulated_latencies(replay_site(run, plan)), recorded));
  }
  return errors;
}

bool holds(const LatencyVerdict& verdict, const RecordedRun& run, const Latencies& recorded) {
  for (std::size_t q = 0; q < kQuantities; ++q) {
    if (!(std::abs(verdict.error_percent[q]) <= verdict.tolerance_percent[q])) return false;
  }
  const auto answered = static_cast<double>(verdict.simulated.count);
  const double difference = std::abs(answered - static_cast<double>(recorded.count));
  return 100 * difference <=
         verdict.tolerance_percent[0] * static_cast<double>(run.requests.size());
}

LatencyVerdict on_recorded_picks(const RecordedRun& run, const Latencies& recorded) {
  LatencyVerdict verdict;
  verdict.simulated = simulated_latencies(replay_site(run, {true, {}, {}}));
  verdict.error_percent = error_percent(verdict.simulated, recorded);
  verdict.tolerance_percent = kExact;
  verdict.holds = holds(verdict, run, recorded);
  return verdict;
}

Quantities free_tolerance(const RecordedRun& run, const Quantities& deviation,
                          const Spreads& spreads) {
  const auto spread = spreads.find(run.plan);
  Quantities tolerance = spread != spreads.end() && run.repeated ? spread->second : kUnrepeated;
  const bool doubled = run.bursty && spread == spreads.end();
  for (std::size_t q = 0; q < kQuantities; ++q) {
    tolerance[q] = std::max(doubled ? 2 * tolerance[q] : tolerance[q], 3 * deviation[q]);
  }
  return tolerance;
}

std::vector<algorithms::ServerId> servers_of(const std::vector<RequestRecord>& records) {
  std::vector<algorithms::ServerId> servers;
  for (const RequestRecord& record : records) servers.push_back(record.server);
  return servers;
}

void free_run_over_seeds(const RecordedRun& run, const Spreads& spreads, RunVerdict& verdict) {
  std::vector<Quantities> sets;
  std::size_t answered = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Latencies latencies = simulated_latencies(replay_site(run, {false, seed, {}}));
    answered += latencies.count;
    sets.push_back(latencies.us);
  }
  verdict.seeds = kSeeds;
  LatencyVerdict& free = verdict.free_run;
  free.simulated = {(answered + kSeeds / 2) / kSeeds, mean_of(sets)};
  free.error_percent = error_percent(free.simulated, verdict.recorded);
  Quantities deviation = standard_deviation_of(sets);
  for (std::size_t q = 0; q < kQuantities; ++q) deviation[q] *= 100 / free.simulated.us[q];
  free.tolerance_percent = free_tolerance(run, deviation, spreads);
}

void free_run_once(const RecordedRun& run, const Spreads& spreads, RunVerdict& verdict) {
  const std::vector<RequestRecord> records = replay_site(run, {});
  LatencyVerdict& free = verdict.free_run;
  free.simulated = simulated_latencies(records);
  free.error_percent = error_percent(free.simulated, verdict.recorded);
  free.tolerance_percent = kExact;
  if (!is_blind(run) || run.queues()) {
    const auto errors = jittered_errors(run, verdict.recorded);
    free.tolerance_percent = free_tolerance(run, standard_deviation_of(errors), spreads);
  }
  verdict.free_picks = count_equal(run, servers_of(records), Which::last, true);
  verdict.free_picks_count = is_blind(run) && !run.queues();
}

RunVerdict judge_one(const RecordedRun& run, const Spreads& spreads) {
  RunVerdict verdict;
  verdict.file = run.file;
  verdict.name = run.name;
  verdict.balancer = run.haproxy ? "haproxy" : "nginx";
  verdict.algorithm = run.algorithm;
  verdict.requests = run.requests.size();
  verdict.recorded = recorded_latencies(run);
  if (picks_are_determined(run)) verdict.picks = replay_in_order(run);
  verdict.on_recorded_picks = on_recorded_picks(run, verdict.recorded);
  if (is_of_unknown_seed(run)) {
    free_run_over_seeds(run, spreads, verdict);
  } else {
    free_run_once(run, spreads, verdict);
  }
  verdict.free_run.holds = holds(verdict.free_run, run, verdict.recorded);
  return verdict;
}

}  // namespace

bool RunVerdict::picks_hold() const {
  if (picks && picks->equal.same != picks->equal.of) return false;
  return !free_picks_count || free_picks.same == free_picks.of;
}

std::vector<RunVerdict> judge(const std::vector<RecordedRun>& runs, const Watch& watch) {
  const Spreads spreads = spreads_of(runs);
  std::vector<RunVerdict> verdicts;
  for (const RecordedRun& run : runs) {
    if (watch && !watch(verdicts.size(), run)) break;
    verdicts.push_back(judge_one(run, spreads));
  }
  return verdicts;
}

}  // namespace lbsim::validation
