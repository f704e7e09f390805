#include <fmt/core.h>

#include <filesystem>

#include "cli/plugins.hpp"
#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "cli/verbs.hpp"
#include "core/error.hpp"
#include "core/files.hpp"
#include "planning/calibration.hpp"
#include "planning/check.hpp"

namespace lbsim::cli {
namespace {

namespace fs = std::filesystem;

struct CalibrateOptions {
  std::string scenario;
  std::string log;
  std::string format = "auto";
  std::string time_unit = "auto";
  std::string output;
  std::string progress = "auto";
};

void require_another_file(const CalibrateOptions& options) {
  require_writable(options.output, "-o");
  std::error_code unknown;
  if (options.output == "-" || !fs::equivalent(options.scenario, options.output, unknown)) return;
  throw InputError(Diagnostic{.file = {},
                              .field = "-o",
                              .message = options.output + " is the scenario that is to be fitted",
                              .hint = "name another file: the new one includes that one"});
}

// As the new file must name it.
std::string include_path(const CalibrateOptions& options) {
  if (options.output == "-") return options.scenario;
  const fs::path folder = fs::absolute(options.output).parent_path();
  return fs::absolute(options.scenario).lexically_normal().lexically_proximate(folder).string();
}

int calibrate(const CalibrateOptions& options) {
  require_another_file(options);
  const auto base = scenario::load_scenario(options.scenario);
  const auto unit = workload::number_unit_named(options.time_unit, "--time-unit");
  const auto log =
      workload::profile_of(options.log, workload::log_format_named(options.format), unit);
  planning::Calibration fitted = planning::calibrate(log, base);
  ProgressLine line(options.progress, "calibrate");
  const planning::Reproduction run = planning::reproduce(
      fitted, base, [&](const Progress& progress) { return line.update(progress); });
  line.clear();
  if (run.run.partial) {
    fmt::print(stderr, "interrupted: nothing was written\n");
    return kInterrupted;
  }
  const auto text_including = [&](const std::string& path) {
    return planning::calibrated_scenario(fitted, base, path,
                                         fs::path(options.log).filename().string());
  };
  // What is written is what `check` accepts. A text's includes are relative to where we are.
  const auto written =
      scenario::load_scenario_text(text_including(fs::absolute(options.scenario).string()),
                                   options.output == "-" ? "standard output" : options.output);
  planning::check_site(written.site, written.day_curve, written.window);
  const std::string text = text_including(include_path(options));
  write_file(options.output, text, "-o");
  if (options.output == "-") return kHolds;
  fmt::print("{} is {} fitted to {}\n\n{}", options.output, options.scenario, options.log,
             planning::reproduction_text(fitted, run));
  return kHolds;
}

}  // namespace

Verb calibrate_verb() {
  return {
      "calibrate", "fit a scenario's users and servers to a site's own log", [](CLI::App& app) {
        const auto options = std::make_shared<CalibrateOptions>();
        app.add_option("SCENARIO", options->scenario,
                       "the site: its machines, and what the log does not tell")
            ->required();
        app.add_option("--log", options->log, "the site's access log, plain or gzip")->required();
        app.add_option("-o,--output", options->output, "write the new scenario here (- for stdout)")
            ->required();
        app.add_option("--format", options->format, "auto, common, combined or haproxy");
        app.add_option("--time-unit", options->time_unit,
                       "of whole numbers at the end of Apache's lines: us (%D), ms (%{ms}T), s "
                       "(%T), or auto, which tells %D from others");
        app.add_option("--progress", options->progress, "auto (on a terminal), always or never")
            ->check(CLI::IsMember({"auto", "always", "never"}));
        declare_plugins(app);
        app.footer(
            "Fitted: page views and their hours, files a page, visits, sizes, burstiness, and "
            "service\ntimes where the log has times: HAProxy's Tr and Tt; after the combined "
            "format's fields\nnginx's $request_time and $upstream_response_time or Apache's %D. "
            "The table shows the\nlog against a day of the fitted site.");
        return [options] { return calibrate(*options); };
      }};
}

}  // namespace lbsim::cli
