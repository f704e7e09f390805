#include <fmt/core.h>

#include "cli/junit.hpp"
#include "cli/verbs.hpp"
#include "conform/traces.hpp"
#include "core/files.hpp"

namespace lbsim::cli {
namespace {

int conform(const std::vector<std::string>& paths, const std::string& junit_file) {
  require_writable(junit_file, "--junit");
  Junit junit("lbsim conform");
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::string text;  // printed at the end: nothing if a later trace turns out to be damaged
  conform::replay_all(
      paths,
      [&](const conform::Replay& replay) {
        const bool pass = replay.passed();
        ++(pass ? passed : failed);
        text += fmt::format("{} {} {}/{}\n", pass ? "pass" : "fail", replay.id, replay.matched,
                            replay.total);
        std::string details;
        for (const std::string& line : replay.details) details += "  " + line + '\n';
        if (!pass) text += details;
        junit.add(replay.id, pass ? "" : details);
      },
      [&](const std::string& file, const std::string& why) {
        text += fmt::format("skipped {}: {}\n", file, why);
      });
  fmt::print("{}{} traces, {} passed, {} failed\n", text, passed + failed, passed, failed);
  if (!junit_file.empty()) write_file(junit_file, junit.text(), "--junit");
  return failed == 0 ? kHolds : kAnswerIsNo;
}

}  // namespace

Verb conform_verb() {
  return {
      "conform", "replay recorded picks of real balancers through the same code as run",
      [](CLI::App& app) {
        const auto paths = std::make_shared<std::vector<std::string>>();
        const auto junit = std::make_shared<std::string>();
        app.add_option("TRACE", *paths, "trace files, or folders that are searched")->required();
        app.add_option("--junit", *junit, "write the results to this file as JUnit XML");
        return [paths, junit] { return conform(*paths, *junit); };
      }};
}

}  // namespace lbsim::cli
