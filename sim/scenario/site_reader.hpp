// A scenario file as a site that can be run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "devices/config.hpp"
#include "scenario/document.hpp"
#include "scenario/window.hpp"
#include "scenario/workload_reader.hpp"

namespace lbsim::scenario {

// Of all machines of a site.
struct SiteCost {
  double capex_cny = 0;
  double opex_cny_per_year = 0;
};

struct LoadedScenario {
  SiteConfig site;
  workload::RateCurve day_curve{{1.0}, 86'400};
  WindowSpec window_spec;
  Window window;  // what window_spec means on this day curve
  SiteCost cost;
  std::string text;    // the effective scenario: after includes and settings
  std::string sha256;  // of text
};

// `settings` are overrides, "a.b.c=value". Throws one InputError with all mistakes.
LoadedScenario load_scenario(const std::filesystem::path& file,
                             const std::vector<std::string>& settings = {});
LoadedScenario load_scenario(Document document);
// The same of a text; `name` is what errors call it.
LoadedScenario load_scenario_text(std::string_view text, const std::string& name,
                                  const std::vector<std::string>& settings = {});

SiteCost cost_of(const SiteConfig& site);

// JSON Schema of a scenario, and its reference as Markdown.
std::string scenario_schema();
std::string scenario_reference_markdown();

}  // namespace lbsim::scenario
