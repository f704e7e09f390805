#include "cli/run_options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "cli/plugins.hpp"
#include "cli/progress.hpp"

namespace lbsim::cli {
namespace {

// CLI11's own check would name the largest double as the limit.
std::string refuse_seed(const std::string& text) {
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error == std::errc{} && end == text.data() + text.size()) return {};
  return fmt::format("must be a whole number from 0 to {}, not {}",
                     std::numeric_limits<std::uint64_t>::max(), text);
}

}  // namespace

void RunOptions::declare(CLI::App& app) {
  declare_site(app);
  app.add_option("--duration", duration, "only so much of the window, from its start: 10m");
  app.add_option("--log", log,
                 "replay this access log, or CSV of requests (at_us,service_us,client,bytes), "
                 "instead of the workload");
}

void RunOptions::declare_site(CLI::App& app) {
  declare_plugins(app, &plugins);
  app.add_option("--pv", page_views, "page views a day: 3M, 100M, 1.2B");
  app.add_option("--window", window, "what is simulated: busiest-hour, day or HH:MM-HH:MM");
  app.add_option_function<std::uint64_t>(
         "--seed", [this](std::uint64_t n) { seed = n, has_seed = true; }, "of all random streams")
      ->check(CLI::Validator(refuse_seed, "UINT"));
  app.add_option("--kernel", kernel, "native (fast) or simgrid (reference)")
      ->check(CLI::IsMember({"native", "simgrid"}));
  app.add_option("--set", settings, "override a field of the scenario: --set vip.scheduler=wrr")
      ->allow_extra_args(false);
  app.add_option("--progress", progress, "auto (on a terminal), always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

RunResult run_prepared(const PreparedRun& prepared, const RunOptions& options,
                       const std::string& title) {
  ProgressLine progress(options.progress, title);
  RunResult result =
      planning::run_here(prepared, [&](const Progress& p) { return progress.update(p); });
  progress.clear();
  return result;
}

}  // namespace lbsim::cli
