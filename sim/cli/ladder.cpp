#include "planning/ladder.hpp"

#include <fmt/core.h>

#include <filesystem>

#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/error.hpp"
#include "core/files.hpp"

namespace lbsim::cli {
namespace {

struct LadderOptions {
  std::vector<std::string> scenarios;
  std::string page_views = "3M,10M,30M,50M,100M,200M";
  std::string slo = planning::kDefaultSlo;
  std::string slo_window = "5m";
  std::vector<std::string> settings;
  std::string progress = "auto";
  std::string json;
};

// Here, or beside the program: in a checkout, or where `cmake --install` puts them.
std::vector<std::string> four_topologies() {
  namespace fs = std::filesystem;
  const fs::path program = fs::read_symlink("/proc/self/exe").parent_path();
  for (const fs::path& folder :
       {fs::path("scenarios"), program / "../../scenarios", program / "../share/lbsim/scenarios"}) {
    if (!fs::exists(folder / "lvs-dr-nginx.toml")) continue;
    std::vector<std::string> files;
    for (const char* name : {"dns-only", "nginx", "haproxy-keepalived-nginx", "lvs-dr-nginx"}) {
      files.push_back((folder / name).string() + ".toml");
    }
    return files;
  }
  throw InputError(Diagnostic{{},
                              0,
                              0,
                              "SCENARIO",
                              "there is no folder of scenarios here",
                              "name the scenarios to compare"});
}

int ladder(const LadderOptions& options) {
  require_writable(options.json, "--json");
  planning::LadderRequest request;
  for (const std::string& file :
       options.scenarios.empty() ? four_topologies() : options.scenarios) {
    request.scenarios.push_back(planning::site_reader(file));
  }
  request.page_views = planning::parse_volumes(options.page_views);
  request.settings = options.settings;
  request.slo = planning::parse_slo(options.slo);
  request.slo_window = planning::parse_slo_window(options.slo_window);
  ProgressLine line(options.progress, "ladder");
  const std::size_t cells = request.page_views.size() * request.scenarios.size();
  request.runs.stops = was_interrupted;
  request.progress = [&](double done) { line.update_runs(done, cells, "cells"); };
  const planning::Ladder found = planning::make_ladder(request);
  line.clear();
  if (!options.json.empty()) write_file(options.json, ladder_json(request, found), "--json");
  if (options.json != "-") fmt::print("{}", ladder_text(request, found));
  if (!found.partial) return kHolds;
  fmt::print(stderr, "interrupted: only {} of {} cells are there\n", found.cells.size(), cells);
  return kInterrupted;
}

}  // namespace

Verb ladder_verb() {
  return {
      "ladder", "which topology holds at which page views, and at what cost", [](CLI::App& app) {
        const auto options = std::make_shared<LadderOptions>();
        app.add_option("SCENARIO", options->scenarios,
                       "scenario files (the four topologies that come with lbsim)");
        app.add_option("--pv", options->page_views, "page views a day: 3M,10M,30M,50M,100M,200M");
        app.add_option("--slo", options->slo, "what must hold: p99<=300ms,errors<=0.1%");
        app.add_option("--slo-window", options->slo_window,
                       "in every window of this length (5m), or day: over all");
        app.add_option("--set", options->settings, "override a field in all of them")
            ->allow_extra_args(false);
        app.add_option("--progress", options->progress, "auto (on a terminal), always or never")
            ->check(CLI::IsMember({"auto", "always", "never"}));
        app.add_option("--json", options->json, "write the table here (- for stdout)");
        return [options] { return ladder(*options); };
      }};
}

}  // namespace lbsim::cli
