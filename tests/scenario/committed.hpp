// Runs of the committed scenarios.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenario/site_reader.hpp"
#include "site/run.hpp"

namespace lbsim::scenario {

// The first `length_s` of a scenario's window.
inline RunResult run(const std::string& name, double length_s,
                     const std::vector<std::string>& settings) {
  const auto file = std::filesystem::path(LBSIM_SCENARIOS) / (name + ".toml");
  const LoadedScenario loaded = load_scenario(file, settings);
  RunPlan plan;
  plan.site = loaded.site;
  plan.window = {loaded.window.start_s, length_s};
  plan.arrivals = [&] {
    return std::make_unique<PageArrivals>(loaded.site.workload, loaded.day_curve, plan.window,
                                          loaded.site.seed);
  };
  return run_site(plan);
}

}  // namespace lbsim::scenario
