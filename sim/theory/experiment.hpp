// A site that is one experiment: requests that come alone, devices that cost nothing but what the
// entry says, trips of a picosecond. It runs as every scenario runs: site/run.hpp.
#pragma once

#include <string>
#include <vector>

#include "site/run.hpp"
#include "theory/group.hpp"
#include "theory/sample.hpp"

namespace lbsim::theory {

// An entry's second is so long in the run. Rare requests then fit into the time there is.
inline constexpr double kSecond = 1e-3;

struct Experiment {
  SiteConfig site;
  workload::RateCurve curve{{1}, 86400};
  double requests_per_s = 0;  // mean
};

// Users of one request each, `requests_per_s` of the run, with this demand; no limit but the
// tiers'.
Experiment experiment(std::vector<TierConfig> tiers, double requests_per_s, Distribution service);

TierConfig server_tier(std::vector<ServerGroupConfig> groups);
ServerGroupConfig server_of(double speed, int cores = 1, int weight = 1);
// One process that picks for free.
TierConfig balancer(const char* family, const char* method,
                    std::map<std::string, std::string> parameters = {});
TierConfig directors(LvsMode mode);

// For the effort's warm-up and requests, which `sample` hears of.
RunResult run_sampled(const Experiment& experiment, const Effort& effort, Sample& sample);
// For a time.
RunResult run_for(const Experiment& experiment, const Effort& effort, double length_s,
                  RequestWatch* watch);

inline Distribution distribution_of(Law law, double mean) { return {law, mean, 1, nullptr}; }

// Service times by their names in the file ("det", "Erlang-2", "ln", ...), of this mean.
Distribution service_law(const conform::Field& parameters, const char* name, double mean_s);

// Those quantities of the entry that a sample knows.
Answers quantities_of(const Entry& entry, const Sample& sample, const Effort& effort);

// Seed of an entry: nothing but its id decides what it draws.
std::uint64_t seed_of(const Entry& entry);

}  // namespace lbsim::theory
