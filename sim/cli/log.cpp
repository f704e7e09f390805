#include <fmt/core.h>

#include "cli/verbs.hpp"
#include "core/files.hpp"
#include "workload/log_facts.hpp"

namespace lbsim::cli {

Verb log_verb() {
  return {"log", "facts of an access log: lines, clients, rates, bytes", [](CLI::App& app) {
            struct Options {
              std::string file;
              std::string format = "auto";
              std::string json;
            };
            const auto options = std::make_shared<Options>();
            app.add_option("FILE", options->file, "the log, plain or gzip")->required();
            app.add_option("--format", options->format,
                           "auto, common, combined, haproxy or series (a CSV of counts)");
            app.add_option("--json", options->json, "write the facts to this file (- for stdout)");
            return [options] {
              require_writable(options->json, "--json");
              const auto facts = workload::facts_of(options->file,
                                                    workload::log_format_named(options->format));
              if (!options->json.empty()) {
                write_file(options->json, workload::to_json(facts), "--json");
              }
              if (options->json != "-") fmt::print("{}", workload::to_text(facts));
              return kHolds;
            };
          }};
}

}  // namespace lbsim::cli
