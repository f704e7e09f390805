#include "planning/check.hpp"

#include <fmt/core.h>

#include "cli/plugins.hpp"
#include "cli/verbs.hpp"
#include "core/files.hpp"
#include "scenario/site_reader.hpp"

namespace lbsim::cli {
namespace {

struct CheckOptions {
  std::string scenario;
  std::string page_views;
  std::string window;
  std::vector<std::string> settings;
  std::string json;
  std::string dot;
};

int check(const CheckOptions& options) {
  require_writable(options.json, "--json");
  require_writable(options.dot, "--dot");
  std::vector<std::string> settings = options.settings;
  if (!options.page_views.empty()) settings.push_back("workload.page_views=" + options.page_views);
  if (!options.window.empty()) settings.push_back("workload.window=" + options.window);
  const auto loaded = scenario::load_scenario(options.scenario, settings);
  const auto report = planning::check_site(loaded.site, loaded.day_curve, loaded.window);
  if (!options.json.empty()) write_file(options.json, planning::check_json(report), "--json");
  if (!options.dot.empty()) write_file(options.dot, planning::check_dot(report), "--dot");
  if (options.json != "-" && options.dot != "-") fmt::print("{}", planning::check_text(report));
  return kHolds;
}

}  // namespace

Verb check_verb() {
  return {"check", "what can be said without simulating: capacity, bottlenecks, single points",
          [](CLI::App& app) {
            const auto options = std::make_shared<CheckOptions>();
            app.add_option("SCENARIO", options->scenario, "the scenario file")->required();
            declare_plugins(app);
            app.add_option("--pv", options->page_views, "page views a day: 3M, 100M, 1.2B");
            app.add_option("--window", options->window,
                           "what part of the day: busiest-hour, day or HH:MM-HH:MM");
            app.add_option("--set", options->settings, "set a field of the scenario: a.b.c=value")
                ->allow_extra_args(false);
            app.add_option("--json", options->json,
                           "write the findings to this file (- for stdout)");
            app.add_option("--dot", options->dot,
                           "write a drawing of the network for Graphviz (- for stdout)");
            return [options] { return check(*options); };
          }};
}

}  // namespace lbsim::cli
