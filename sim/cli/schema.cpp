#include <fmt/core.h>

#include "cli/verbs.hpp"
#include "scenario/site_reader.hpp"

namespace lbsim::cli {

Verb schema_verb() {
  return {"schema", "JSON Schema of a scenario, for editors", [](CLI::App&) {
            return [] {
              fmt::print("{}\n", scenario::scenario_schema());
              return kHolds;
            };
          }};
}

}  // namespace lbsim::cli
